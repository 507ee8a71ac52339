package io.captioner.training.encoder;

import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.training.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Another encoder with the same weights, of which a subclass changes something. */
abstract class DelegatingEncoder implements Encoder {
    final Encoder encoder;

    DelegatingEncoder(Encoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public String name() {
        return encoder.name();
    }

    @Override
    public ImageSize inputSize() {
        return encoder.inputSize();
    }

    @Override
    public ImagePreparation preparation() {
        return encoder.preparation();
    }

    @Override
    public int rows() {
        return encoder.rows();
    }

    @Override
    public int columns() {
        return encoder.columns();
    }

    @Override
    public int channels() {
        return encoder.channels();
    }

    @Override
    public String scale() {
        return encoder.scale();
    }

    @Override
    public Set<String> numberedLayers() {
        return encoder.numberedLayers();
    }

    @Override
    public List<Map<String, Shape>> classifiers() {
        return encoder.classifiers();
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        return encoder.annotate(tf, weights, images);
    }
}
