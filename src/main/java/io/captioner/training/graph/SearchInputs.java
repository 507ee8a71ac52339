package io.captioner.training.graph;

import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.Signatures;
import io.captioner.model.WordRules;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * The scalar inputs of a graph that set its search; see {@link DecodeOptions}.
 *
 * @param alternatives A, 1 to K: a search may end when the best A hypotheses are sure; the others may then be missing
 * @param consensus whether the prior of words is added, and the hypotheses are ordered as {@link Consensus} has it;
 *     then A is K
 * @param temperature 0 to search, above 0 to sample words
 * @param avoid ids that do not appear, [A]; negative ids count for none, here and below
 * @param mergeFrom ids that do not appear, and whose probability goes to others, [P]
 * @param mergeTo the ids that get it, [P]
 * @param require ids that appear, [C]; then the beam width is (C + 1) times that of one beam
 */
record SearchInputs(
        Operand<TInt32> beamWidth,
        Operand<TInt32> alternatives,
        Operand<TBool> consensus,
        Operand<TInt32> maxLength,
        Operand<TFloat32> lengthPenalty,
        Operand<TInt32> noRepeatNgram,
        Operand<TFloat32> temperature,
        Operand<TInt32> topK,
        Operand<TFloat32> topP,
        Operand<TInt32> seed,
        Operand<TInt32> avoid,
        Operand<TInt32> mergeFrom,
        Operand<TInt32> mergeTo,
        Operand<TInt32> require) {

    /** Adds the inputs to a graph, named as {@link Signatures} has them; not fed, they mean greedy search. */
    static SearchInputs in(Ops tf, int maxWords) {
        Operand<TInt32> beamWidth = input(tf, Signatures.BEAM_WIDTH, tf.constant(1));
        return new SearchInputs(
                beamWidth,
                input(tf, Signatures.ALTERNATIVES, beamWidth),
                input(tf, Signatures.CONSENSUS, tf.constant(false)),
                input(tf, Signatures.MAX_LENGTH, tf.constant(maxWords)),
                input(tf, Signatures.LENGTH_PENALTY, tf.constant(0f)),
                input(tf, Signatures.NO_REPEAT_NGRAM, tf.constant(0)),
                input(tf, Signatures.TEMPERATURE, tf.constant(0f)),
                input(tf, Signatures.TOP_K, tf.constant(0)),
                input(tf, Signatures.TOP_P, tf.constant(1f)),
                input(tf, Signatures.SEED, tf.constant(0)),
                ids(tf, Signatures.AVOID),
                ids(tf, Signatures.MERGE_FROM),
                ids(tf, Signatures.MERGE_TO),
                ids(tf, Signatures.REQUIRE));
    }

    private static Operand<TInt32> ids(Ops tf, String name) {
        return tf.withName(name).placeholderWithDefault(tf.array(WordRules.NONE), Shape.of(-1));
    }

    /** Returns whether consensus is wanted and captions are searched, []. */
    Operand<TBool> byConsensus(Ops tf) {
        return tf.math.logicalAnd(consensus, tf.math.lessEqual(temperature, tf.constant(0f)));
    }

    /** Feeds the ids of words that must or must not appear. */
    void feed(Feed feed, WordRules.Ids ids) {
        feed.put(avoid, TInt32.vectorOf(WordRules.orNone(ids.avoid())))
                .put(mergeFrom, TInt32.vectorOf(WordRules.orNone(ids.mergeFrom())))
                .put(mergeTo, TInt32.vectorOf(WordRules.orNone(ids.mergeTo())))
                .put(require, TInt32.vectorOf(WordRules.orNone(ids.require())));
    }

    /** Feeds the options to a run; to be closed after it. */
    Feed feed(Session.Runner runner, DecodeOptions options) {
        Feed feed = new Feed(runner)
                .put(beamWidth, TInt32.scalarOf(options.hypotheses()))
                .put(consensus, TBool.scalarOf(options.consensus()))
                .put(maxLength, TInt32.scalarOf(options.maxWords()))
                .put(lengthPenalty, TFloat32.scalarOf(options.lengthPenalty()))
                .put(noRepeatNgram, TInt32.scalarOf(options.noRepeatNgram()));
        Sampling sampling = options.sampling();
        if (sampling != null) {
            feed.put(temperature, TFloat32.scalarOf(sampling.temperature()))
                    .put(topK, TInt32.scalarOf(sampling.topK()))
                    .put(topP, TFloat32.scalarOf(sampling.topP()))
                    .put(seed, TInt32.scalarOf(sampling.seed()));
        }
        return feed;
    }

    private static <T extends TType> Operand<T> input(Ops tf, String name, Operand<T> otherwise) {
        return tf.withName(name).placeholderWithDefault(otherwise, Shape.scalar());
    }
}
