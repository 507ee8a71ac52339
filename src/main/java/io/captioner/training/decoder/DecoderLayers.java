package io.captioner.training.decoder;

import io.captioner.training.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The operations and weights of the graph that a decoder is added to, and the layers that all decoders are made of.
 *
 * @param tf where operations are added
 * @param weights the decoder's weights, operands of the same graph
 * @param constant whether all of them are constants
 */
public record DecoderLayers(Ops tf, WeightSource weights, boolean constant) {
    private static final int PACKED_WIDTH = 16;

    Operand<TFloat32> weight(String name, long... shape) {
        return weights.get(name, shape);
    }

    /** Returns x W + b with {@code layer/kernel} and {@code layer/bias}: [rows, in] to [rows, out]. */
    Operand<TFloat32> dense(Operand<TFloat32> x, String layer, long in, long out) {
        return tf.nn.biasAdd(product(x, layer + "/kernel", in, out), weight(layer + "/bias", out));
    }

    /** Returns x W + b like {@link #dense}, quicker where {@link #productOfFewRows} is. */
    Operand<TFloat32> denseOfFewRows(Operand<TFloat32> x, String layer, long in, long out) {
        return fewRows(x, weight(layer + "/kernel", in, out), weight(layer + "/bias", out), in, out);
    }

    /** Returns x W like {@link #product}, quicker where weights are constants and there are few rows. */
    Operand<TFloat32> productOfFewRows(Operand<TFloat32> x, String kernel, long in, long out) {
        return constant && out % PACKED_WIDTH == 0
                ? fewRows(x, weight(kernel, in, out), tf.constant(new float[(int) out]), in, out)
                : product(x, kernel, in, out);
    }

    /**
     * Returns x W + b. oneDNN keeps a constant W packed only for products with a bias. If the width of W is a multiple
     * of 16 it packs it otherwise for few rows than for many, and again whenever that changes; so W is widened. The
     * bias of the columns that are cut off is not 0, or TensorFlow would drop a bias of zeros.
     */
    Operand<TFloat32> fewRows(
            Operand<TFloat32> x, Operand<TFloat32> kernel, Operand<TFloat32> bias, long in, long out) {
        if (!constant || out % PACKED_WIDTH != 0) {
            return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
        }
        int more = PACKED_WIDTH / 2;
        float[] moreBias = new float[more];
        Arrays.fill(moreBias, 1);
        Operand<TFloat32> wide =
                tf.concat(List.of(kernel, tf.zeros(tf.array((int) in, more), TFloat32.class)), tf.constant(1));
        Operand<TFloat32> wideBias = tf.concat(List.of(bias, tf.constant(moreBias)), tf.constant(0));
        return tf.slice(tf.nn.biasAdd(tf.linalg.matMul(x, wide), wideBias), tf.array(0, 0), tf.array(-1, (int) out));
    }

    /** Adds the weights of {@link #dense}. */
    static void addDenseShapes(Map<String, long[]> shapes, String layer, long in, long out) {
        shapes.put(layer + "/kernel", new long[] {in, out});
        shapes.put(layer + "/bias", new long[] {out});
    }

    /** Returns x W: [rows, in] to [rows, out]. */
    Operand<TFloat32> product(Operand<TFloat32> x, String kernel, long in, long out) {
        return tf.linalg.matMul(x, weight(kernel, in, out));
    }

    /** Returns the embeddings of word ids, from the weight {@code embedding}: [...] to [..., width]. */
    Operand<TFloat32> embed(Operand<TInt32> words, long vocabulary, long width) {
        return tf.gather(weight("embedding", vocabulary, width), words, tf.constant(0));
    }

    /**
     * Returns x W + b for the embeddings x of words, [R, out], out of tables of the products of all words. TensorFlow
     * computes the tables once, when it loads the graph, if the weights are constants. It folds no product that is
     * larger than its factors, so W is split into parts that are not wider than an embedding.
     *
     * @param words ids, [R]
     */
    Operand<TFloat32> denseOfWords(
            Operand<TInt32> words, String kernel, String bias, long vocabulary, long in, long out) {
        long parts = (out + in - 1) / in;
        while (out % parts != 0) {
            parts++;
        }
        Operand<TInt32> axis = tf.constant(1);
        List<Output<TFloat32>> kernels =
                tf.split(axis, weight(kernel, in, out), parts).output();
        List<Output<TFloat32>> biases =
                tf.split(tf.constant(0), weight(bias, out), parts).output();
        List<Operand<TFloat32>> rows = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            Operand<TFloat32> table = tf.nn.biasAdd(
                    tf.linalg.matMul(weight("embedding", vocabulary, in), kernels.get(part)), biases.get(part));
            rows.add(tf.gather(table, words, tf.constant(0)));
        }
        return rows.size() == 1 ? rows.get(0) : tf.concat(rows, axis);
    }

    /** Returns a state of zeros, [N, width], for the N images of a tensor [N, ...]. */
    Operand<TFloat32> zeros(Operand<TFloat32> like, int width) {
        return tf.fill(
                tf.concat(List.of(tf.slice(tf.shape(like), tf.array(0), tf.array(1)), tf.array(width)), tf.constant(0)),
                tf.constant(0f));
    }
}
