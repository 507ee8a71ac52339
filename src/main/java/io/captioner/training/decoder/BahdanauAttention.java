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
 */
record BahdanauAttention(int cells, int features, int units, int hidden, float temperature) {
    static final List<String> STEP_WEIGHTS = List.of("attention/hidden/kernel", "attention/score/kernel");

    static BahdanauAttention of(DecoderSize size) {
        return new BahdanauAttention(
                size.cells(), size.features(), size.attention(), size.hidden(), size.temperature());
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
        return tf.reshape(layers.dense(rows, "attention/annotation", features, units), tf.array(-1, cells, units));
    }

    /**
     * Attends to the annotation vectors.
     *
     * @param annotations [N, L, P]
     * @param keys [N, L, A]
     * @param hiddenStates the previous ones, [N, K, H]
     */
    Decoder.AttentionOutput attend(
            DecoderLayers layers,
            Operand<TFloat32> annotations,
            Operand<TFloat32> keys,
            Operand<TFloat32> hiddenStates) {
        Ops tf = layers.tf();
        Operand<TInt32> batchAndBeam = tf.slice(tf.shape(hiddenStates), tf.array(0), tf.array(2)); // [N, K]
        Operand<TFloat32> query = layers.product(
                tf.reshape(hiddenStates, tf.array(-1, hidden)), "attention/hidden/kernel", hidden, units);
        Operand<TFloat32> query4 =
                tf.reshape(query, tf.concat(List.of(batchAndBeam, tf.array(1, units)), tf.constant(0)));
        Operand<TFloat32> e = tf.math.tanh(tf.math.add(tf.expandDims(keys, tf.constant(1)), query4)); // [N, K, L, A]
        Operand<TFloat32> score =
                layers.product(tf.reshape(e, tf.array(-1, units)), "attention/score/kernel", units, 1);
        Operand<TFloat32> sharpened = tf.math.mul(score, tf.constant(1 / temperature));
        Operand<TFloat32> alpha = tf.nn.softmax(
                tf.reshape(sharpened, tf.concat(List.of(batchAndBeam, tf.array(cells)), tf.constant(0)))); // [N, K, L]
        Operand<TFloat32> context =
                tf.reshape(tf.train.batchMatMul(alpha, annotations, TFloat32.class), tf.array(-1, features));
        return new Decoder.AttentionOutput(List.of(alpha), List.of(context));
    }
}
