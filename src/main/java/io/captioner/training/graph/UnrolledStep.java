package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.RowLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A training step with teacher forcing, unrolled over time for captions of one greatest length.
 *
 * @param rows input: for each caption, the place of its photo in the batch, [N]
 * @param tokens input: start, words, end, padding, [N, T + 1]
 * @param loss mean cross-entropy of a word, []
 * @param gradientNorm global norm before clipping, []
 * @param update changes the weights
 */
record UnrolledStep(
        Placeholder<TInt32> rows,
        Placeholder<TInt32> tokens,
        Operand<TFloat32> loss,
        Operand<TFloat32> gradientNorm,
        Op update) {

    /** Adds steps of several lengths to one graph; they share its weights, loss and optimiser. */
    static final class Builder {
        private static final int DROP_WORDS_SALT = 4;

        private final Ops tf;
        private final Decoder decoder;
        private final TrainingSettings settings;
        private final TrainedWeights weights;
        private final Operand<TFloat32> annotations;
        private final Dropout.Inputs dropout;
        private final CaptionLoss captionLoss;
        private final AdamOptimiser optimiser;
        private final @Nullable ScheduledSampling sampling;

        /**
         * A builder that has added nothing.
         *
         * @param annotations of the photos, [P, L, D]
         * @param dropout fed with every step
         * @param sampling null where all previous words are given
         */
        Builder(
                Ops tf,
                Decoder decoder,
                TrainingSettings settings,
                TrainedWeights weights,
                Operand<TFloat32> annotations,
                Dropout.Inputs dropout,
                CaptionLoss captionLoss,
                AdamOptimiser optimiser,
                @Nullable ScheduledSampling sampling) {
            this.tf = tf;
            this.decoder = decoder;
            this.settings = settings;
            this.weights = weights;
            this.annotations = annotations;
            this.dropout = dropout;
            this.captionLoss = captionLoss;
            this.optimiser = optimiser;
            this.sampling = sampling;
        }

        /** Adds the step for captions of up to {@code length} tokens, the end included. */
        UnrolledStep build(int length) {
            Placeholder<TInt32> tokens = tf.placeholder(
                    TInt32.class, Placeholder.shape(Shape.of(-1, length + 1))); // start, words, end, padding
            List<Output<TInt32>> columns =
                    tf.unstack(tokens, length + 1L, Unstack.axis(1L)).output();
            // Time-major rows: the N rows of step t are adjacent.
            Operand<TInt32> targets = tf.concat(List.copyOf(columns.subList(1, length + 1)), tf.constant(0)); // [T * N]
            Operand<TFloat32> real =
                    tf.dtypes.cast(tf.math.notEqual(targets, tf.constant(Vocabulary.PAD)), TFloat32.class); // [T * N]

            DecoderLayers layers = new DecoderLayers(tf, weights.live(), false);
            TrainingMode mode = new TrainingMode(tf, dropout, settings);
            Placeholder<TInt32> rows = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
            Decoder.DecoderContext context =
                    decoder.initialState(layers, annotations, mode).rows(tf, rows);
            Operand<TInt32> given = tf.concat(List.copyOf(columns.subList(0, length)), tf.constant(0)); // [T * N]
            if (sampling != null) {
                Unrolled first = unroll(layers, context, given, columns, mode);
                given = sampling.mix(
                        given, tf.math.argMax(first.logits(), tf.constant(1), TInt32.class), columns.get(0));
            }
            Unrolled unrolled = unroll(layers, context, dropWords(given), columns, mode);
            Operand<TFloat32> loss = captionLoss.crossEntropy(unrolled.logits(), targets, real, length);
            List<Operand<TFloat32>> objective = new ArrayList<>(List.of(loss));
            objective.addAll(unrolled.maps().terms(real));
            AdamOptimiser.Update update = optimiser.minimise(tf.math.addN(objective), mode.statistics());
            return new UnrolledStep(rows, tokens, loss, update.gradientNorm(), update.op());
        }

        private record Unrolled(Operand<TFloat32> logits, CaptionLoss.Maps maps) {}

        /**
         * Unrolls the decoder over the given words.
         *
         * @param previous the word before each time step, [T * N]
         * @param columns start and targets, T + 1 of [N]
         */
        private Unrolled unroll(
                DecoderLayers layers,
                Decoder.DecoderContext context,
                Operand<TInt32> previous,
                List<Output<TInt32>> columns,
                TrainingMode mode) {
            int length = columns.size() - 1;
            Operand<TFloat32> embedded = mode.dropEmbedding(decoder.embed(layers, previous)); // [T * N, E]
            List<Output<TFloat32>> gateInputs = tf.split(
                            tf.constant(0), decoder.gateInputs(layers, embedded), (long) length)
                    .output();
            List<Operand<TFloat32>> state = context.initial();
            List<Operand<TFloat32>> contexts = new ArrayList<>();
            List<Operand<TFloat32>> hiddens = new ArrayList<>();
            CaptionLoss.Maps maps = captionLoss.new Maps();
            for (int t = 0; t < length; t++) {
                Decoder.AttentionOutput attention =
                        decoder.attend(layers, context.perImage(), RowLayout.single(tf), state.get(0));
                state = decoder.step(layers, gateInputs.get(t), attention, state);
                contexts.addAll(attention.context());
                hiddens.add(state.get(0));
                if (decoder.attends()) {
                    maps.add(attention.alpha().get(0), columns.get(t + 1));
                }
            }
            Operand<TFloat32> logits = decoder.logits(
                    layers,
                    embedded,
                    contexts.isEmpty() ? List.of() : List.of(tf.concat(contexts, tf.constant(0))),
                    tf.concat(hiddens, tf.constant(0)),
                    mode);
            return new Unrolled(logits, maps);
        }

        private Operand<TInt32> dropWords(Operand<TInt32> words) {
            if (settings.dropWords() == 0) {
                return words;
            }
            Operand<TFloat32> kept = Dropout.mask(tf, tf.shape(words), dropout, DROP_WORDS_SALT, settings.dropWords());
            return tf.select(
                    tf.math.logicalOr(
                            tf.math.greater(kept, tf.constant(0f)),
                            tf.math.equal(words, tf.constant(Vocabulary.START))),
                    words,
                    tf.constant(Vocabulary.UNKNOWN));
        }
    }
}
