package io.captioner.training.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An LSTM whose initial state is the image: the encoder's vector goes through a bottleneck into h and c, both the same,
 * and each hidden state through another bottleneck into logits. No attention.
 */
final class InitialStateLstm extends LstmDecoder {

    InitialStateLstm(DecoderSize size) {
        super(size, 0);
    }

    @Override
    public boolean attends() {
        return false;
    }

    @Override
    public Map<String, long[]> weightShapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        DecoderLayers.addDenseShapes(shapes, "bottleneck", size.channels(), size.features());
        DecoderLayers.addDenseShapes(shapes, "initial", size.features(), size.hidden());
        shapes.put("embedding", new long[] {size.vocabulary(), size.embedding()});
        lstm.addShapes(shapes);
        DecoderLayers.addDenseShapes(shapes, "output/bottleneck", size.hidden(), size.output());
        DecoderLayers.addDenseShapes(shapes, "output/logits", size.output(), size.vocabulary());
        return shapes;
    }

    @Override
    public List<String> stepWeights() {
        List<String> names = new ArrayList<>(List.of("embedding"));
        names.addAll(Lstm.WEIGHTS);
        names.addAll(List.of(
                "output/bottleneck/kernel", "output/bottleneck/bias", "output/logits/kernel", "output/logits/bias"));
        return names;
    }

    @Override
    public DecoderContext initialState(DecoderLayers layers, Operand<TFloat32> annotations, Mode mode) {
        Ops tf = layers.tf();
        Operand<TFloat32> narrow = mode.dropFeatures(
                tf.nn.elu(layers.dense(mean(layers, annotations), "bottleneck", size.channels(), size.features())));
        Operand<TFloat32> state = tf.nn.elu(layers.dense(narrow, "initial", size.features(), size.hidden()));
        return new DecoderContext(List.of(), List.of(state, state));
    }

    @Override
    public Operand<TFloat32> logits(
            DecoderLayers layers,
            Operand<TFloat32> embedded,
            List<Operand<TFloat32>> context,
            Operand<TFloat32> hidden,
            Mode mode) {
        Ops tf = layers.tf();
        Operand<TFloat32> narrow = mode.dropOutput(
                tf.nn.elu(layers.denseOfFewRows(hidden, "output/bottleneck", size.hidden(), size.output())));
        return layers.denseOfFewRows(narrow, "output/logits", size.output(), size.vocabulary());
    }
}
