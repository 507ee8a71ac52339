package io.captioner.training.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A long short-term memory (Hochreiter and Schmidhuber 1997) with 1 added to its forget gate (Jozefowicz et al. 2015).
 * Its input has two parts: words, whose product with the kernel can be taken for all steps at once, and a context.
 *
 * @param words width of the part of the input that words decide
 * @param context width of the other part, 0 for none
 * @param hidden H
 */
record Lstm(int words, int context, int hidden) {
    static final List<String> WEIGHTS = List.of("lstm/input/kernel", "lstm/recurrent/kernel", "lstm/bias");

    void addShapes(Map<String, long[]> shapes) {
        shapes.put("lstm/input/kernel", new long[] {words, 4L * hidden});
        shapes.put("lstm/recurrent/kernel", new long[] {(long) context + hidden, 4L * hidden});
        shapes.put("lstm/bias", new long[] {4L * hidden});
    }

    /** Returns h and c. */
    List<Integer> stateWidths() {
        return List.of(hidden, hidden);
    }

    Decoder.DenseLayer inputLayer() {
        return new Decoder.DenseLayer("lstm/input/kernel", "lstm/bias", 4 * hidden);
    }

    /** Returns the words' part of the gates, [rows, 4H], from [rows, words]. */
    Operand<TFloat32> gateInputs(DecoderLayers layers, Operand<TFloat32> x) {
        return layers.tf()
                .nn
                .biasAdd(
                        layers.product(x, "lstm/input/kernel", words, 4L * hidden),
                        layers.weight("lstm/bias", 4L * hidden));
    }

    /**
     * Returns the state after one step.
     *
     * @param gateInputs [rows, 4H]
     * @param contexts [rows, context], none or one
     * @param state h and c, [rows, H] each
     */
    List<Operand<TFloat32>> step(
            DecoderLayers layers,
            Operand<TFloat32> gateInputs,
            List<Operand<TFloat32>> contexts,
            List<Operand<TFloat32>> state) {
        Ops tf = layers.tf();
        List<Operand<TFloat32>> inputs = new ArrayList<>(contexts);
        inputs.add(state.get(0));
        Operand<TFloat32> recurrent = layers.fewRows(
                inputs.size() == 1 ? inputs.get(0) : tf.concat(inputs, tf.constant(1)),
                layers.weight("lstm/recurrent/kernel", (long) context + hidden, 4L * hidden),
                tf.constant(forgetBias()),
                (long) context + hidden,
                4L * hidden);
        List<Output<TFloat32>> gates =
                tf.split(tf.constant(1), tf.math.add(gateInputs, recurrent), 4L).output();
        Operand<TFloat32> input = tf.math.sigmoid(gates.get(0));
        Operand<TFloat32> forget = tf.math.sigmoid(gates.get(1));
        Operand<TFloat32> output = tf.math.sigmoid(gates.get(2));
        Operand<TFloat32> candidate = tf.math.tanh(gates.get(3));
        Operand<TFloat32> cell = tf.math.add(tf.math.mul(forget, state.get(1)), tf.math.mul(input, candidate));
        return List.of(tf.math.mul(output, tf.math.tanh(cell)), cell);
    }

    /** The 1 of the forget gates, given as a bias: a product with a bias is one kernel that packs its weights once. */
    private float[] forgetBias() {
        float[] bias = new float[4 * hidden];
        Arrays.fill(bias, hidden, 2 * hidden, 1);
        return bias;
    }
}
