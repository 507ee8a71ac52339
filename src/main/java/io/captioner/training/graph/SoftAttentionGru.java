package io.captioner.training.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A GRU with Bahdanau attention over projected annotation vectors, which starts from zeros: the decoder that
 * TensorFlow's captioning tutorial describes. The tutorial's own GRU is not given its previous state; this one is.
 */
final class SoftAttentionGru extends Decoder {
    private final BahdanauAttention attention;
    private final Gru gru;

    SoftAttentionGru(DecoderSize size) {
        super(size);
        this.attention = BahdanauAttention.of(size);
        this.gru = new Gru(size.embedding(), size.features(), size.hidden());
    }

    @Override
    public boolean attends() {
        return true;
    }

    @Override
    Map<String, long[]> weightShapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("features/kernel", new long[] {size.channels(), size.features()});
        shapes.put("features/bias", new long[] {size.features()});
        attention.addShapes(shapes);
        shapes.put("embedding", new long[] {size.vocabulary(), size.embedding()});
        gru.addShapes(shapes);
        shapes.put("output/hidden/kernel", new long[] {size.hidden(), size.output()});
        shapes.put("output/hidden/bias", new long[] {size.output()});
        shapes.put("output/logits/kernel", new long[] {size.output(), size.vocabulary()});
        shapes.put("output/logits/bias", new long[] {size.vocabulary()});
        return shapes;
    }

    @Override
    List<String> stepWeights() {
        List<String> names = new ArrayList<>(BahdanauAttention.STEP_WEIGHTS);
        names.add("embedding");
        names.addAll(Gru.WEIGHTS);
        names.addAll(
                List.of("output/hidden/kernel", "output/hidden/bias", "output/logits/kernel", "output/logits/bias"));
        return names;
    }

    @Override
    List<Integer> stateWidths() {
        return List.of(size.hidden());
    }

    @Override
    Memory remember(DecoderLayers layers, Operand<TFloat32> annotations, Regime regime) {
        Ops tf = layers.tf();
        Operand<TFloat32> flat = tf.reshape(annotations, tf.array(-1, size.channels()));
        Operand<TFloat32> projected = tf.nn.relu(layers.dense(flat, "features", size.channels(), size.features()));
        Operand<TFloat32> a =
                regime.dropChannels(tf.reshape(projected, tf.array(-1, size.cells(), size.features()))); // [N, L, P]
        Operand<TFloat32> zeros = tf.fill(
                tf.concat(
                        List.of(tf.slice(tf.shape(a), tf.array(0), tf.array(1)), tf.array(size.hidden())),
                        tf.constant(0)),
                tf.constant(0f));
        return new Memory(List.of(a, attention.keys(layers, a)), List.of(zeros));
    }

    @Override
    Operand<TFloat32> gateInputs(DecoderLayers layers, Operand<TFloat32> embedded) {
        return gru.gateInputs(layers, embedded);
    }

    @Override
    Glance look(DecoderLayers layers, List<Operand<TFloat32>> perImage, Operand<TFloat32> hidden) {
        return attention.look(layers, perImage.get(0), perImage.get(1), hidden);
    }

    @Override
    List<Operand<TFloat32>> advance(
            DecoderLayers layers, Operand<TFloat32> gateInputs, Glance glance, List<Operand<TFloat32>> state) {
        return List.of(gru.advance(layers, gateInputs, glance.context().get(0), state.get(0)));
    }

    @Override
    Operand<TFloat32> logits(
            DecoderLayers layers,
            Operand<TFloat32> embedded,
            List<Operand<TFloat32>> context,
            Operand<TFloat32> hidden,
            Regime regime) {
        Operand<TFloat32> o = regime.dropOutput(layers.dense(hidden, "output/hidden", size.hidden(), size.output()));
        return layers.dense(o, "output/logits", size.output(), size.vocabulary());
    }
}
