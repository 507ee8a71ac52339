package io.captioner.training.decoder;

import io.captioner.training.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A recurrent decoder: from an image's annotation vectors to words, one at a time. Immutable; it adds itself to the
 * graph of its layers.
 *
 * <p>Shapes use N images, K hypotheses of each, R rows as a {@link RowLayout} has them, the letters of
 * {@link DecoderSize}, and "rows" for R or for time steps times N.
 */
public abstract sealed class Decoder permits LstmDecoder, SoftAttentionGru {
    private static final long LARGEST_TABLES = 16L << 20; // 64 MB

    final DecoderSize size;

    Decoder(DecoderSize size) {
        this.size = size;
    }

    /**
     * The tensors that stay the same over the words of a caption.
     *
     * @param perImage tensors whose first axis is N
     * @param initial the state before the first word, of {@link #stateWidths}, [N, width] each
     */
    public record DecoderContext(List<Operand<TFloat32>> perImage, List<Operand<TFloat32>> initial) {
        /**
         * Returns the context of rows that are images of these.
         *
         * @param images the place of each row's image, [R]
         */
        public DecoderContext rows(Ops tf, Operand<TInt32> images) {
            return new DecoderContext(gathered(tf, perImage, images), gathered(tf, initial, images));
        }

        private static List<Operand<TFloat32>> gathered(
                Ops tf, List<Operand<TFloat32>> values, Operand<TInt32> images) {
            return values.stream()
                    .<Operand<TFloat32>>map(value -> tf.gather(value, images, tf.constant(0)))
                    .toList();
        }
    }

    /**
     * The attention before a word.
     *
     * @param alpha attention weights, [R, L], each row sums to 1; empty without attention
     * @param context context vectors, [R, P]; empty without attention
     */
    public record AttentionOutput(List<Operand<TFloat32>> alpha, List<Operand<TFloat32>> context) {
        static final AttentionOutput NONE = new AttentionOutput(List.of(), List.of());
    }

    /** Returns the sizes. */
    public final DecoderSize size() {
        return size;
    }

    /** Returns whether each word has attention weights. */
    public abstract boolean attends();

    /** Returns the shape of every weight by name, in a fixed order. */
    public abstract Map<String, long[]> weightShapes();

    /** Returns the weights that steps use; the others are used once for an image. */
    public abstract List<String> stepWeights();

    /**
     * Returns the names of all weights in the order in which the graph of a bundle of schema 2 was built before its
     * constants had names: those used for an image, then those of a step. One that was there twice is named twice.
     */
    public final List<String> unnamedOrder() {
        List<String> order = new ArrayList<>();
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            WeightSource recorder = (name, shape) -> {
                order.add(name);
                return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
            };
            initialState(
                    new DecoderLayers(tf, recorder, true),
                    tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, size.cells(), size.channels()))),
                    Mode.INFERENCE);
        }
        order.addAll(stepWeights());
        return order;
    }

    /** Returns the widths of the vectors that a state is made of; the hidden state h comes first. */
    public abstract List<Integer> stateWidths();

    /**
     * Prepares the annotation vectors of N images.
     *
     * @param annotations the encoder's, [N, L, D]
     */
    public abstract DecoderContext initialState(DecoderLayers layers, Operand<TFloat32> annotations, Mode mode);

    /** Returns the embeddings of word ids of any shape, [..., E]. */
    public Operand<TFloat32> embed(DecoderLayers layers, Operand<TInt32> words) {
        return layers.embed(words, size.vocabulary(), size.embedding());
    }

    /** Returns the part of the recurrent layer's gates that words decide, [rows, gates], from [rows, E]. */
    public abstract Operand<TFloat32> gateInputs(DecoderLayers layers, Operand<TFloat32> embedded);

    /**
     * Returns {@link #gateInputs} of words, [R, gates], from ids [R], out of tables where they pay: they take as much
     * memory as the vocabulary times the gates.
     *
     * @param layers their weights are constants
     * @param embedded the words' embeddings, [R, E]
     */
    public final Operand<TFloat32> frozenGateInputs(
            DecoderLayers layers, Operand<TInt32> words, Operand<TFloat32> embedded) {
        DenseLayer input = inputLayer();
        return (long) size.vocabulary() * input.width() > LARGEST_TABLES
                ? gateInputs(layers, embedded)
                : layers.denseOfWords(
                        words, input.kernel(), input.bias(), size.vocabulary(), size.embedding(), input.width());
    }

    /** A layer x W + b by the names of its weights. */
    record DenseLayer(String kernel, String bias, int width) {}

    /** Returns the layer of {@link #gateInputs}. */
    abstract DenseLayer inputLayer();

    /**
     * Attends to the image before a word.
     *
     * @param perImage of the {@link DecoderContext}
     * @param layout of the rows
     * @param hidden the previous hidden states, [R, H]
     */
    public AttentionOutput attend(
            DecoderLayers layers, List<Operand<TFloat32>> perImage, RowLayout layout, Operand<TFloat32> hidden) {
        return AttentionOutput.NONE;
    }

    /**
     * Advances the recurrent layer by one word.
     *
     * @param gateInputs the previous word's
     * @param state [rows, width] each
     */
    public abstract List<Operand<TFloat32>> step(
            DecoderLayers layers,
            Operand<TFloat32> gateInputs,
            AttentionOutput attention,
            List<Operand<TFloat32>> state);

    /**
     * Returns the logits of the next word, [rows, V].
     *
     * @param embedded embeddings of the previous words, [rows, E]
     * @param context context vectors, [rows, P]; empty without attention
     * @param hidden hidden states after the previous word, [rows, H]
     */
    public abstract Operand<TFloat32> logits(
            DecoderLayers layers,
            Operand<TFloat32> embedded,
            List<Operand<TFloat32>> context,
            Operand<TFloat32> hidden,
            Mode mode);

    /** Returns how many numbers are trained, moving statistics not counted. */
    public final long parameterCount() {
        return weightShapes().entrySet().stream()
                .filter(entry -> !Mode.isStatistic(entry.getKey()))
                .mapToLong(entry -> Shape.of(entry.getValue()).size())
                .sum();
    }

    /** Returns the annotation vectors after a ReLU layer, {@code features}, and dropout: [N, L, P] from [N, L, D]. */
    final Operand<TFloat32> project(DecoderLayers layers, Operand<TFloat32> annotations, Mode mode) {
        Ops tf = layers.tf();
        Operand<TFloat32> flat = tf.reshape(annotations, tf.array(-1, size.channels()));
        Operand<TFloat32> projected =
                tf.nn.relu(layers.denseOfFewRows(flat, "features", size.channels(), size.features()));
        return mode.dropChannels(tf.reshape(projected, tf.array(-1, size.cells(), size.features())));
    }

    /** Returns the mean annotation vector of each image, [N, D]. */
    final Operand<TFloat32> mean(DecoderLayers layers, Operand<TFloat32> annotations) {
        return layers.tf().math.mean(annotations, layers.tf().constant(1));
    }
}
