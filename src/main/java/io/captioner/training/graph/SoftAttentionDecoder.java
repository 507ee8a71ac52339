package io.captioner.training.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The decoder of "Show, Attend and Tell" (Xu et al. 2015) with deterministic soft attention: an LSTM that looks at the
 * annotation vectors through a Bahdanau alignment model before each word.
 *
 * <p>Sections 3.1.2 and 4.2, with three choices of our own: annotation vectors pass through a ReLU layer first,
 * alignment scores are divided by a temperature, and the output layer shares its weights with the embedding.
 *
 * <p>Shapes use N images, K hypotheses of each, and the letters of {@link DecoderSize}. A builder of operations: it
 * holds no tensors, and serves one graph.
 */
final class SoftAttentionDecoder {
    /** Weights that the steps use; the others are used once for an image. */
    private static final List<String> ONCE = List.of("features/", "initial/", "attention/annotation/");

    private final Ops tf;
    private final WeightSource weights;
    private final DecoderSize size;

    /**
     * What stays the same over the words of a caption.
     *
     * @param annotations projected annotation vectors a_i, [N, L, P]
     * @param keys their part in the alignment model, [N, L, A]
     * @param initial the state before the first word, [N, H] each
     */
    record Memory(Operand<TFloat32> annotations, Operand<TFloat32> keys, State initial) {}

    /** The LSTM's hidden state h and cell c. */
    record State(Operand<TFloat32> hidden, Operand<TFloat32> cell) {}

    /**
     * Where the decoder looked before a word.
     *
     * @param alpha attention weights, [N, K, L], each row sums to 1
     * @param context gated context vectors ẑ, [N * K, P]
     */
    record Glance(Operand<TFloat32> alpha, Operand<TFloat32> context) {}

    SoftAttentionDecoder(Ops tf, WeightSource weights, DecoderSize size) {
        this.tf = tf;
        this.weights = weights;
        this.size = size;
    }

    /** Returns the shape of every weight by name, in a fixed order. */
    static Map<String, long[]> weightShapes(DecoderSize size) {
        long p = size.features();
        long a = size.attention();
        long e = size.embedding();
        long h = size.hidden();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("features/kernel", new long[] {size.channels(), p});
        shapes.put("features/bias", new long[] {p});
        shapes.put("initial/hidden/kernel", new long[] {p, h});
        shapes.put("initial/hidden/bias", new long[] {h});
        shapes.put("initial/cell/kernel", new long[] {p, h});
        shapes.put("initial/cell/bias", new long[] {h});
        shapes.put("attention/annotation/kernel", new long[] {p, a});
        shapes.put("attention/annotation/bias", new long[] {a});
        shapes.put("attention/hidden/kernel", new long[] {h, a});
        shapes.put("attention/score/kernel", new long[] {a, 1});
        shapes.put("gate/kernel", new long[] {h, 1});
        shapes.put("gate/bias", new long[] {1});
        shapes.put("embedding", new long[] {size.vocabulary(), e});
        shapes.put("lstm/input/kernel", new long[] {e, 4 * h});
        shapes.put("lstm/recurrent/kernel", new long[] {p + h, 4 * h});
        shapes.put("lstm/bias", new long[] {4 * h});
        shapes.put("output/hidden/kernel", new long[] {p + h, e});
        shapes.put("output/hidden/bias", new long[] {e});
        shapes.put("output/bias", new long[] {size.vocabulary()});
        return shapes;
    }

    /** Returns the names of the weights that {@link #look}, {@link #advance} and {@link #logits} use. */
    static List<String> stepWeights(DecoderSize size) {
        return weightShapes(size).keySet().stream()
                .filter(name -> ONCE.stream().noneMatch(name::startsWith))
                .toList();
    }

    /**
     * Prepares the annotation vectors of N images.
     *
     * @param annotations the encoder's, [N, L, D]
     * @param dropChannels applied to the projected vectors [N, L, P]; identity outside of training
     */
    Memory remember(Operand<TFloat32> annotations, Dropout dropChannels) {
        Operand<TFloat32> flat = tf.reshape(annotations, tf.array(-1, size.channels()));
        Operand<TFloat32> projected = tf.nn.relu(dense(flat, "features", size.channels(), size.features()));
        Operand<TFloat32> a =
                dropChannels.apply(tf.reshape(projected, tf.array(-1, size.cells(), size.features()))); // [N, L, P]
        Operand<TFloat32> keys = dense(
                tf.reshape(a, tf.array(-1, size.features())),
                "attention/annotation",
                size.features(),
                size.attention());
        Operand<TFloat32> mean = tf.math.mean(a, tf.constant(1)); // [N, P]
        State initial = new State(
                tf.math.tanh(dense(mean, "initial/hidden", size.features(), size.hidden())),
                tf.math.tanh(dense(mean, "initial/cell", size.features(), size.hidden())));
        return new Memory(a, tf.reshape(keys, tf.array(-1, size.cells(), size.attention())), initial);
    }

    /** Returns the embeddings E y of word ids of any shape, [..., E]. */
    Operand<TFloat32> embed(Operand<TInt32> words) {
        return tf.gather(embedding(), words, tf.constant(0));
    }

    /** Returns a word's part of the LSTM's gates, [rows, 4H], from its embedding, [rows, E]. */
    Operand<TFloat32> gateInputs(Operand<TFloat32> embedded) {
        return dense(embedded, "lstm/input", "lstm/bias", size.embedding(), 4L * size.hidden());
    }

    /**
     * Attends to the annotation vectors: section 3.1.2, equations 4 to 6, with the gating scalar beta of section 4.2.1.
     *
     * @param annotations [N, L, P]
     * @param keys [N, L, A]
     * @param hidden the previous hidden states, [N, K, H]
     */
    Glance look(Operand<TFloat32> annotations, Operand<TFloat32> keys, Operand<TFloat32> hidden) {
        Operand<TInt32> batchAndBeam = tf.slice(tf.shape(hidden), tf.array(0), tf.array(2)); // [N, K]
        Operand<TFloat32> rows = tf.reshape(hidden, tf.array(-1, size.hidden())); // [N * K, H]
        Operand<TFloat32> query =
                tf.linalg.matMul(rows, weight("attention/hidden/kernel", size.hidden(), size.attention()));
        Operand<TFloat32> query4 =
                tf.reshape(query, tf.concat(List.of(batchAndBeam, tf.array(1, size.attention())), tf.constant(0)));
        Operand<TFloat32> e = tf.math.tanh(tf.math.add(tf.expandDims(keys, tf.constant(1)), query4)); // [N, K, L, A]
        Operand<TFloat32> score = tf.linalg.matMul(
                tf.reshape(e, tf.array(-1, size.attention())), weight("attention/score/kernel", size.attention(), 1));
        Operand<TFloat32> sharpened = tf.math.mul(score, tf.constant(1 / size.temperature()));
        Operand<TFloat32> alpha = tf.nn.softmax(tf.reshape(
                sharpened, tf.concat(List.of(batchAndBeam, tf.array(size.cells())), tf.constant(0)))); // [N, K, L]
        Operand<TFloat32> context =
                tf.reshape(tf.train.batchMatMul(alpha, annotations, TFloat32.class), tf.array(-1, size.features()));
        Operand<TFloat32> beta = tf.math.sigmoid(dense(rows, "gate", size.hidden(), 1)); // [N * K, 1]
        return new Glance(alpha, tf.math.mul(beta, context));
    }

    /**
     * Advances the LSTM by one word: equations 1 to 3, with 1 added to the forget gate.
     *
     * @param gateInputs the previous word's, [rows, 4H]
     * @param context gated context vectors, [rows, P]
     * @param state [rows, H] each
     */
    State advance(Operand<TFloat32> gateInputs, Operand<TFloat32> context, State state) {
        Operand<TFloat32> recurrent = tf.linalg.matMul(
                tf.concat(List.of(context, state.hidden()), tf.constant(1)),
                weight("lstm/recurrent/kernel", (long) size.features() + size.hidden(), 4L * size.hidden()));
        List<Output<TFloat32>> gates =
                tf.split(tf.constant(1), tf.math.add(gateInputs, recurrent), 4L).output();
        Operand<TFloat32> input = tf.math.sigmoid(gates.get(0));
        Operand<TFloat32> forget = tf.math.sigmoid(tf.math.add(gates.get(1), tf.constant(1f)));
        Operand<TFloat32> output = tf.math.sigmoid(gates.get(2));
        Operand<TFloat32> candidate = tf.math.tanh(gates.get(3));
        Operand<TFloat32> cell = tf.math.add(tf.math.mul(forget, state.cell()), tf.math.mul(input, candidate));
        return new State(tf.math.mul(output, tf.math.tanh(cell)), cell);
    }

    /**
     * Returns the logits of the next word, [rows, V]: the deep output layer of equation 7, with a tanh before the
     * embedding's transpose as L_o.
     *
     * @param embedded embeddings of the previous words, [rows, E]
     * @param context gated context vectors, [rows, P]
     * @param hidden hidden states after the previous word, [rows, H]
     * @param drop applied to the layer before the logits, [rows, E]
     */
    Operand<TFloat32> logits(
            Operand<TFloat32> embedded, Operand<TFloat32> context, Operand<TFloat32> hidden, Dropout drop) {
        Operand<TFloat32> deep = dense(
                tf.concat(List.of(context, hidden), tf.constant(1)),
                "output/hidden",
                (long) size.features() + size.hidden(),
                size.embedding());
        Operand<TFloat32> o = drop.apply(tf.math.tanh(tf.math.add(deep, embedded)));
        return tf.nn.biasAdd(
                tf.linalg.matMul(o, embedding(), MatMul.transposeB(true)), weight("output/bias", size.vocabulary()));
    }

    /** Returns x without its axis of length 1. */
    static <T extends org.tensorflow.types.family.TType> Operand<T> squeeze(Ops tf, Operand<T> x, long axis) {
        return tf.squeeze(x, Squeeze.axis(List.of(axis)));
    }

    private Operand<TFloat32> embedding() {
        return weight("embedding", size.vocabulary(), size.embedding());
    }

    private Operand<TFloat32> dense(Operand<TFloat32> x, String layer, long in, long out) {
        return dense(x, layer, layer + "/bias", in, out);
    }

    private Operand<TFloat32> dense(Operand<TFloat32> x, String layer, String bias, long in, long out) {
        return tf.nn.biasAdd(tf.linalg.matMul(x, weight(layer + "/kernel", in, out)), weight(bias, out));
    }

    private Operand<TFloat32> weight(String name, long... shape) {
        return weights.get(name, shape);
    }
}
