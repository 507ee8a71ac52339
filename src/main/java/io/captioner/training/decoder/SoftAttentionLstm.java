package io.captioner.training.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * The decoder of "Show, Attend and Tell" (Xu et al. 2015) with deterministic soft attention: an LSTM that attends to
 * the annotation vectors through a Bahdanau alignment model before each word.
 *
 * <p>Sections 3.1.2 and 4.2, with three choices of our own: annotation vectors pass through a ReLU layer first,
 * alignment scores are divided by a temperature, and the output layer shares its weights with the embedding.
 */
public final class SoftAttentionLstm extends LstmDecoder {
    private final BahdanauAttention attention;

    public SoftAttentionLstm(DecoderSize size) {
        super(size, size.features());
        this.attention = BahdanauAttention.of(size);
    }

    @Override
    public boolean attends() {
        return true;
    }

    @Override
    public Map<String, long[]> weightShapes() {
        long p = size.features();
        long e = size.embedding();
        long h = size.hidden();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        DecoderLayers.addDenseShapes(shapes, "features", size.channels(), p);
        DecoderLayers.addDenseShapes(shapes, "initial/hidden", p, h);
        DecoderLayers.addDenseShapes(shapes, "initial/cell", p, h);
        attention.addShapes(shapes);
        DecoderLayers.addDenseShapes(shapes, "gate", h, 1);
        shapes.put("embedding", new long[] {size.vocabulary(), e});
        lstm.addShapes(shapes);
        DecoderLayers.addDenseShapes(shapes, "output/hidden", p + h, e);
        shapes.put("output/bias", new long[] {size.vocabulary()});
        return shapes;
    }

    @Override
    public List<String> stepWeights() {
        List<String> names = new ArrayList<>(BahdanauAttention.STEP_WEIGHTS);
        names.addAll(List.of("gate/kernel", "gate/bias", "embedding"));
        names.addAll(Lstm.WEIGHTS);
        names.addAll(List.of("output/hidden/kernel", "output/hidden/bias", "output/bias"));
        return names;
    }

    @Override
    public DecoderContext initialState(DecoderLayers layers, Operand<TFloat32> annotations, Mode mode) {
        Ops tf = layers.tf();
        Operand<TFloat32> a = project(layers, annotations, mode); // [N, L, P]
        Operand<TFloat32> mean = mean(layers, a); // [N, P]
        return new DecoderContext(
                List.of(a, attention.keys(layers, a)),
                List.of(
                        tf.math.tanh(layers.denseOfFewRows(mean, "initial/hidden", size.features(), size.hidden())),
                        tf.math.tanh(layers.denseOfFewRows(mean, "initial/cell", size.features(), size.hidden()))));
    }

    /** Equations 4 to 6 of section 3.1.2, with the gating scalar beta of section 4.2.1. */
    @Override
    public AttentionOutput attend(
            DecoderLayers layers, List<Operand<TFloat32>> perImage, RowLayout layout, Operand<TFloat32> hidden) {
        return attention.attendGated(layers, perImage, layout, hidden, 1);
    }

    /** The deep output layer of equation 7, with a tanh before the embedding's transpose as L_o. */
    @Override
    public Operand<TFloat32> logits(
            DecoderLayers layers,
            Operand<TFloat32> embedded,
            List<Operand<TFloat32>> context,
            Operand<TFloat32> hidden,
            Mode mode) {
        Ops tf = layers.tf();
        Operand<TFloat32> deep = layers.denseOfFewRows(
                tf.concat(List.of(context.get(0), hidden), tf.constant(1)),
                "output/hidden",
                (long) size.features() + size.hidden(),
                size.embedding());
        Operand<TFloat32> o = mode.dropOutput(tf.math.tanh(tf.math.add(deep, embedded)));
        return tf.nn.biasAdd(
                tf.linalg.matMul(
                        o, layers.weight("embedding", size.vocabulary(), size.embedding()), MatMul.transposeB(true)),
                layers.weight("output/bias", size.vocabulary()));
    }
}
