package io.captioner.training.decoder;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The additive alignment model of Bahdanau et al. (2015), section 3.1, over annotation vectors. Its bias before the
 * softmax, which changes nothing, is left out.
 *
 * @param cells L
 * @param features P, length of an annotation vector
 * @param units A
 * @param hidden H
 * @param temperature divisor of the scores before the softmax
 * @param rectified whether its hidden layer is rectified, as in some implementations, instead of the paper's tanh
 */
record BahdanauAttention(int cells, int features, int units, int hidden, float temperature, boolean rectified) {
    static final List<String> STEP_WEIGHTS = List.of("attention/hidden/kernel", "attention/score/kernel");

    static BahdanauAttention of(DecoderSize size) {
        return new BahdanauAttention(
                size.cells(), size.features(), size.attention(), size.hidden(), size.temperature(), false);
    }

    void addShapes(Map<String, long[]> shapes) {
        DecoderLayers.addDenseShapes(shapes, "attention/annotation", features, units);
        shapes.put("attention/hidden/kernel", new long[] {hidden, units});
        shapes.put("attention/score/kernel", new long[] {units, 1});
    }

    /** Returns the annotation vectors' part in the scores, [N, L, A], from [N, L, P]. */
    Operand<TFloat32> keys(DecoderLayers layers, Operand<TFloat32> annotations) {
        Ops tf = layers.tf();
        Operand<TFloat32> rows = tf.reshape(annotations, tf.array(-1, features));
        return tf.reshape(
                layers.denseOfFewRows(rows, "attention/annotation", features, units), tf.array(-1, cells, units));
    }

    /**
     * Attends to the annotation vectors.
     *
     * @param annotations [N, L, P]
     * @param keys [N, L, A]
     * @param layout of the rows
     * @param hiddenStates the previous ones, [R, H]
     */
    Decoder.AttentionOutput attend(
            DecoderLayers layers,
            Operand<TFloat32> annotations,
            Operand<TFloat32> keys,
            RowLayout layout,
            Operand<TFloat32> hiddenStates) {
        Ops tf = layers.tf();
        Operand<TFloat32> query =
                layers.productOfFewRows(hiddenStates, "attention/hidden/kernel", hidden, units); // [R, A]
        Operand<TFloat32> sum = tf.math.add(
                tf.expandDims(keys, tf.constant(1)),
                tf.expandDims(layout.byImage(query), tf.constant(2))); // [N, K, L, A]
        Operand<TFloat32> e = rectified ? tf.nn.relu(sum) : tf.math.tanh(sum);
        Operand<TFloat32> score =
                layers.product(tf.reshape(e, tf.array(-1, units)), "attention/score/kernel", units, 1);
        Operand<TFloat32> sharpened = tf.math.mul(score, tf.constant(1 / temperature));
        Operand<TInt32> beams = tf.shape(e); // [N, K, L, A]
        Operand<TFloat32> scores = tf.reshape(sharpened, tf.slice(beams, tf.array(0), tf.array(3)));
        // oneDNN's softmax of few numbers is slow; but TensorFlow's gradient of logSoftmax is that of a matrix only.
        Operand<TFloat32> alpha =
                layers.constant() ? tf.math.exp(tf.nn.logSoftmax(scores)) : tf.nn.softmax(scores); // [N, K, L]
        Operand<TFloat32> context = tf.train.batchMatMul(alpha, annotations, TFloat32.class); // [N, K, P]
        return new Decoder.AttentionOutput(List.of(layout.rows(alpha, cells)), List.of(layout.rows(context, features)));
    }

    /**
     * Attends, and multiplies the context by a sigmoid of the layer {@code gate} over the hidden states (Xu et al.
     * 2015, section 4.2.1).
     *
     * @param perImage annotations [N, L, P] and keys [N, L, A]
     * @param gates 1 for all channels, or P for one each
     */
    Decoder.AttentionOutput attendGated(
            DecoderLayers layers,
            List<Operand<TFloat32>> perImage,
            RowLayout layout,
            Operand<TFloat32> hiddenStates,
            int gates) {
        Ops tf = layers.tf();
        Decoder.AttentionOutput attended = attend(layers, perImage.get(0), perImage.get(1), layout, hiddenStates);
        Operand<TFloat32> gate =
                tf.math.sigmoid(layers.denseOfFewRows(hiddenStates, "gate", hidden, gates)); // [R, 1] or [R, P]
        return new Decoder.AttentionOutput(
                attended.alpha(), List.of(tf.math.mul(gate, attended.context().get(0))));
    }
}
