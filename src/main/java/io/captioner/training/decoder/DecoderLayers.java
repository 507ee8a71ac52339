package io.captioner.training.decoder;

import io.captioner.training.weights.WeightSource;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The operations and weights of the graph that a decoder is added to, and the layers that all decoders are made of.
 *
 * @param tf where operations are added
 * @param weights the decoder's weights, operands of the same graph
 */
public record DecoderLayers(Ops tf, WeightSource weights) {
    Operand<TFloat32> weight(String name, long... shape) {
        return weights.get(name, shape);
    }

    /** Returns x W + b with {@code layer/kernel} and {@code layer/bias}: [rows, in] to [rows, out]. */
    Operand<TFloat32> dense(Operand<TFloat32> x, String layer, long in, long out) {
        return tf.nn.biasAdd(product(x, layer + "/kernel", in, out), weight(layer + "/bias", out));
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

    /** Returns a state of zeros, [N, width], for the N images of a tensor [N, ...]. */
    Operand<TFloat32> zeros(Operand<TFloat32> like, int width) {
        return tf.fill(
                tf.concat(List.of(tf.slice(tf.shape(like), tf.array(0), tf.array(1)), tf.array(width)), tf.constant(0)),
                tf.constant(0f));
    }
}
