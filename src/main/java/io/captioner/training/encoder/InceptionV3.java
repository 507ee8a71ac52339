package io.captioner.training.encoder;

import io.captioner.image.ImageSize;
import io.captioner.training.encoder.EncoderSettings.Scaling;
import io.captioner.training.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Inception-v3 without its classifier, with the layer names that Keras 3 gives it (Szegedy et al., 2016, table 1; Keras
 * Applications {@code inception_v3}).
 *
 * <p>Keras numbers these layers in the order it makes them, so the order of calls here is part of the contract: it is
 * what ties {@code conv2d_57} to its place.
 */
public final class InceptionV3 implements Encoder {
    private static final int CHANNELS = 2048;
    private static final int CLASSES = 1000;
    private static final int SMALLEST = 75;
    private static final float EPSILON = 1e-3f;
    private static final Scaling SCALING = Scaling.MINUS_ONE_TO_ONE;
    private static final String CONVOLUTION = "conv2d";
    private static final String NORM = "batch_normalization";

    private final ImageSize inputSize;

    /** The network as published, for 299 × 299 pixels. */
    public InceptionV3() {
        this(new ImageSize(299, 299));
    }

    /**
     * The network for another input size; the weights are the same.
     *
     * @throws IllegalArgumentException if a side is below 75
     */
    public InceptionV3(ImageSize inputSize) {
        if (inputSize.width() < SMALLEST || inputSize.height() < SMALLEST) {
            throw new IllegalArgumentException("Inception-v3 takes sides of at least %d, not %d x %d"
                    .formatted(SMALLEST, inputSize.width(), inputSize.height()));
        }
        this.inputSize = inputSize;
    }

    @Override
    public String name() {
        return "inception_v3_%dx%d".formatted(inputSize.width(), inputSize.height());
    }

    @Override
    public ImageSize inputSize() {
        return inputSize;
    }

    @Override
    public int rows() {
        return cells(inputSize.height());
    }

    @Override
    public int columns() {
        return cells(inputSize.width());
    }

    @Override
    public int channels() {
        return CHANNELS;
    }

    @Override
    public String scale() {
        return SCALING.formula();
    }

    @Override
    public Set<String> numberedLayers() {
        return Set.of(CONVOLUTION, NORM);
    }

    @Override
    public List<Map<String, Shape>> classifiers() {
        return List.of(Encoder.dense("predictions", CHANNELS, CLASSES));
    }

    @Override
    public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
        Builder build = new Builder(tf, new Layers(tf, weights, EPSILON, false, false));
        Maps x = build.stem(new Maps(SCALING.apply(tf, images), 3)); // 35 x 35 x 192 of 299 x 299 pixels
        x = build.blockOf5x5(x, 32);
        x = build.blockOf5x5(x, 64);
        x = build.blockOf5x5(x, 64);
        x = build.reductionTo17(x);
        x = build.blockOf7x7(x, 128);
        x = build.blockOf7x7(x, 160);
        x = build.blockOf7x7(x, 160);
        x = build.blockOf7x7(x, 192);
        x = build.reductionTo8(x);
        x = build.blockOfSplit3x3(x);
        x = build.blockOfSplit3x3(x); // 8 x 8 x 2048
        return tf.reshape(x.values(), tf.array(-1, rows() * columns(), CHANNELS));
    }

    /** Cells of a side: two 3 × 3 convolutions without padding among five reductions by two. */
    private static int cells(int side) {
        int stem = halved(halved(halved(side) - 2) - 2);
        return halved(halved(stem));
    }

    private static int halved(int side) {
        return (side - 3) / 2 + 1;
    }

    /** Feature maps {@code [N, rows, columns, channels]}. */
    private record Maps(Operand<TFloat32> values, int channels) {}

    /** The blocks, in one graph; counts the convolutions. */
    private static final class Builder {
        private final Ops tf;
        private final Layers layers;
        private int convolutions;

        Builder(Ops tf, Layers layers) {
            this.tf = tf;
            this.layers = layers;
        }

        Maps stem(Maps images) {
            Maps x = convolution(images, 32, 3, 3, 2, Layers.VALID);
            x = convolution(x, 32, 3, 3, 1, Layers.VALID);
            x = maxPool(same(x, 64, 3, 3));
            x = same(x, 80, 1, 1);
            return maxPool(convolution(x, 192, 3, 3, 1, Layers.VALID));
        }

        Maps blockOf5x5(Maps x, int pooled) {
            Maps single = same(x, 64, 1, 1);
            Maps five = same(same(x, 48, 1, 1), 64, 5, 5);
            Maps three = same(same(same(x, 64, 1, 1), 96, 3, 3), 96, 3, 3);
            return concat(single, five, three, averagePool(x, pooled));
        }

        Maps reductionTo17(Maps x) {
            Maps three = convolution(x, 384, 3, 3, 2, Layers.VALID);
            Maps twice = convolution(same(same(x, 64, 1, 1), 96, 3, 3), 96, 3, 3, 2, Layers.VALID);
            return concat(three, twice, maxPool(x));
        }

        Maps blockOf7x7(Maps x, int width) {
            Maps single = same(x, 192, 1, 1);
            Maps seven = same(same(same(x, width, 1, 1), width, 1, 7), 192, 7, 1);
            Maps twice = same(same(same(x, width, 1, 1), width, 7, 1), width, 1, 7);
            twice = same(same(twice, width, 7, 1), 192, 1, 7);
            return concat(single, seven, twice, averagePool(x, 192));
        }

        Maps reductionTo8(Maps x) {
            Maps three = convolution(same(x, 192, 1, 1), 320, 3, 3, 2, Layers.VALID);
            Maps seven = same(same(same(x, 192, 1, 1), 192, 1, 7), 192, 7, 1);
            return concat(three, convolution(seven, 192, 3, 3, 2, Layers.VALID), maxPool(x));
        }

        Maps blockOfSplit3x3(Maps x) {
            Maps single = same(x, 320, 1, 1);
            Maps three = split(same(x, 384, 1, 1));
            Maps twice = split(same(same(x, 448, 1, 1), 384, 3, 3));
            return concat(single, three, twice, averagePool(x, 192));
        }

        private Maps split(Maps x) {
            return concat(same(x, 384, 1, 3), same(x, 384, 3, 1));
        }

        private Maps averagePool(Maps x, int outputs) {
            return same(new Maps(layers.averagePool(x.values()), x.channels()), outputs, 1, 1);
        }

        private Maps maxPool(Maps x) {
            return new Maps(layers.maxPool(x.values()), x.channels());
        }

        private Maps same(Maps x, int outputs, int rows, int columns) {
            return convolution(x, outputs, rows, columns, 1, Layers.SAME);
        }

        private Maps convolution(Maps x, int outputs, int rows, int columns, int stride, String padding) {
            String number = convolutions == 0 ? "" : "_" + convolutions;
            convolutions++;
            Layers.Kernel kernel = new Layers.Kernel(rows, columns, x.channels(), outputs, stride, padding);
            return new Maps(
                    tf.nn.relu(layers.convolution(x.values(), CONVOLUTION + number, NORM + number, kernel)), outputs);
        }

        private Maps concat(Maps... branches) {
            List<Operand<TFloat32>> values = new ArrayList<>();
            int channels = 0;
            for (Maps branch : branches) {
                values.add(branch.values());
                channels += branch.channels();
            }
            return new Maps(tf.concat(values, tf.constant(3)), channels);
        }
    }
}
