package io.captioner.training.decoder;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A gated recurrent unit (Cho et al. 2014) whose reset gate acts after the recurrent product, as Keras and cuDNN have
 * it. Its input has two parts: words, whose product with the kernel can be taken for all steps at once, and a context.
 *
 * @param words width of the part of the input that words decide
 * @param context width of the other part
 * @param hidden H
 */
record Gru(int words, int context, int hidden) {
    static final List<String> WEIGHTS = List.of(
            "gru/input/kernel", "gru/input/bias", "gru/context/kernel", "gru/recurrent/kernel", "gru/recurrent/bias");

    void addShapes(Map<String, long[]> shapes) {
        DecoderLayers.addDenseShapes(shapes, "gru/input", words, 3L * hidden);
        shapes.put("gru/context/kernel", new long[] {context, 3L * hidden});
        DecoderLayers.addDenseShapes(shapes, "gru/recurrent", hidden, 3L * hidden);
    }

    Decoder.DenseLayer inputLayer() {
        return new Decoder.DenseLayer("gru/input/kernel", "gru/input/bias", 3 * hidden);
    }

    /** Returns the words' part of the gates, [rows, 3H], from [rows, words]. */
    Operand<TFloat32> gateInputs(DecoderLayers layers, Operand<TFloat32> x) {
        return layers.dense(x, "gru/input", words, 3L * hidden);
    }

    /**
     * Returns the hidden state after one step, [rows, H].
     *
     * @param gateInputs [rows, 3H]
     * @param contextVectors [rows, context]
     * @param previous hidden state, [rows, H]
     */
    Operand<TFloat32> step(
            DecoderLayers layers,
            Operand<TFloat32> gateInputs,
            Operand<TFloat32> contextVectors,
            Operand<TFloat32> previous) {
        Ops tf = layers.tf();
        Operand<TFloat32> fromInput = tf.math.add(
                gateInputs, layers.productOfFewRows(contextVectors, "gru/context/kernel", context, 3L * hidden));
        List<Output<TFloat32>> x = tf.split(tf.constant(1), fromInput, 3L).output();
        List<Output<TFloat32>> h = tf.split(
                        tf.constant(1), layers.denseOfFewRows(previous, "gru/recurrent", hidden, 3L * hidden), 3L)
                .output();
        Operand<TFloat32> update = tf.math.sigmoid(tf.math.add(x.get(0), h.get(0)));
        Operand<TFloat32> reset = tf.math.sigmoid(tf.math.add(x.get(1), h.get(1)));
        Operand<TFloat32> candidate = tf.math.tanh(tf.math.add(x.get(2), tf.math.mul(reset, h.get(2))));
        return tf.math.add(tf.math.mul(update, previous), tf.math.mul(tf.math.sub(tf.constant(1f), update), candidate));
    }
}
