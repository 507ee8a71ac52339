package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.graph.LoopVariables.Slot;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The words that may follow an open hypothesis: the best of all but padding, start, unknown, unused and repeated ones;
 * in the last step the end or a cut; a sampled word; or the given word where captions are scored. What was not asked
 * for is not computed.
 */
final class NextWords {
    /** Stays below every real log-probability, also after division by a length and after many additions. */
    static final float NEVER = -1e30f;

    static final int SEARCH = 0;
    static final int SAMPLE = 1;
    static final int FOLLOW = 2;

    private final Ops tf;
    private final int vocabulary;
    private final int unused;
    private final LoopVariables in;
    private final OpenRows rows;
    private final boolean alike;
    private final RequiredWords required;

    /**
     * Words that may follow each row, best first.
     *
     * @param logProbs {@link #NEVER} for a place without a word, [R, C]
     * @param words [R, C]
     */
    record Candidates(Operand<TFloat32> logProbs, Operand<TInt32> words) {}

    /** @param alike whether the samples of images are those of one chance, as in {@link BeamSearch.Request} */
    NextWords(Ops tf, DecoderSize size, LoopVariables in, OpenRows rows, boolean alike) {
        this.tf = tf;
        this.vocabulary = size.vocabulary();
        this.unused = size.unused();
        this.in = in;
        this.rows = rows;
        this.alike = alike;
        Branch constrained = new Branch(tf, in.<TBool>get(Slot.CONSTRAINED));
        this.required =
                new RequiredWords(tf, vocabulary, constrained.yes(in.<TInt32>get(Slot.REQUIRE)), past(constrained));
    }

    /** Returns the words that must appear; computed only where there are any. */
    RequiredWords required() {
        return required;
    }

    /**
     * Returns how many words may follow a hypothesis: enough for a beam of its children, and for an end and a cut.
     *
     * @param beamWidth K, []
     */
    static Operand<TInt32> candidates(Ops tf, Operand<TInt32> beamWidth, int vocabulary) {
        return tf.math.minimum(tf.math.maximum(beamWidth, tf.constant(2)), tf.constant(vocabulary));
    }

    /**
     * Returns what the search does, {@link #SEARCH}, {@link #SAMPLE} or {@link #FOLLOW}.
     *
     * @param forced ids to follow, or a negative value
     */
    static Operand<TInt32> choice(Ops tf, Operand<TInt32> forced, Operand<TFloat32> temperature) {
        Operand<TInt32> first = tf.gather(tf.reshape(forced, tf.array(-1)), tf.constant(0), tf.constant(0));
        return tf.select(
                tf.math.greaterEqual(first, tf.constant(Vocabulary.PAD)),
                tf.constant(FOLLOW),
                tf.select(tf.math.greater(temperature, tf.constant(0f)), tf.constant(SAMPLE), tf.constant(SEARCH)));
    }

    /**
     * Returns the candidates.
     *
     * @param logProbs of all words, [R, V]
     */
    Candidates choose(Operand<TFloat32> logProbs) {
        Operand<TInt32> choice = in.get(Slot.CHOICE);
        Operand<TBool> atLast =
                tf.math.equal(tf.math.add(in.<TInt32>get(Slot.STEP), tf.constant(1)), in.<TInt32>get(Slot.STEPS));
        Operand<TBool> constrained = in.get(Slot.CONSTRAINED);
        Operand<TFloat32> free = new Branch(tf, constrained).apply(free(logProbs), required::withoutEnd);
        Branch special = new Branch(tf, tf.math.logicalOr(atLast, tf.math.notEqual(choice, tf.constant(SEARCH))));
        Operand<TFloat32> searched = special.no(free);
        Operand<TInt32> best = tf.nn.topK(
                        new Branch(tf, special.no(constrained)).apply(searched, required::first),
                        special.no(in.<TInt32>get(Slot.CANDIDATES)),
                        TInt32.class)
                .indices();
        Candidates other = special(special, logProbs, free, atLast);
        return new Candidates(
                special.merge(other.logProbs(), pick(searched, best)), special.merge(other.words(), best));
    }

    /** Returns the words so far of each row, padded, [R, S]. */
    private Operand<TInt32> past(Branch where) {
        return OpenRows.past(
                tf,
                where.yes(rows.places()),
                where.yes(in.get(Slot.HISTORY)),
                where.yes(in.get(Slot.TOKENS)),
                where.yes(in.get(Slot.STEPS)));
    }

    /** Returns the log-probabilities with {@link #NEVER} for each word that may not follow, [R, V]. */
    private Operand<TFloat32> free(Operand<TFloat32> logProbs) {
        float[] banned = new float[vocabulary];
        banned[Vocabulary.PAD] = NEVER;
        banned[Vocabulary.START] = NEVER;
        banned[Vocabulary.UNKNOWN] = NEVER;
        Arrays.fill(banned, vocabulary - unused, vocabulary, NEVER);
        Operand<TInt32> n = in.get(Slot.NO_REPEAT);
        Branch edits = new Branch(tf, in.<TBool>get(Slot.EDITED));
        Operand<TFloat32> edited = edits.apply(logProbs, words -> edited(words, edits));
        Branch repeats = new Branch(tf, tf.math.greater(n, tf.constant(0)));
        return repeats.apply(tf.math.add(edited, tf.constant(banned)), words -> {
            Operand<TBool> repeated = new RepeatedWords(tf, vocabulary)
                    .ban(past(repeats), repeats.yes(in.<TInt32>get(Slot.STEP)), repeats.yes(n)); // [R, V]
            return tf.select(repeated, tf.constant(NEVER), words);
        });
    }

    /** Adds the probabilities of merged words to those of others, and takes merged and avoided words out, [R, V]. */
    private Operand<TFloat32> edited(Operand<TFloat32> logProbs, Branch edits) {
        Operand<TInt32> from = edits.yes(in.<TInt32>get(Slot.MERGE_FROM)); // [P]
        Operand<TInt32> to = edits.yes(in.<TInt32>get(Slot.MERGE_TO)); // [P]
        Operand<TInt32> avoid = edits.yes(in.<TInt32>get(Slot.AVOID)); // [A]
        Operand<TInt32> words = tf.constant(vocabulary);
        Operand<TFloat32> toOneHot = tf.oneHot(to, words, tf.constant(1f), tf.constant(0f)); // [P, V]
        Operand<TFloat32> moved =
                tf.linalg.matMul(tf.math.exp(tf.gather(logProbs, from, tf.constant(1))), toOneHot); // [R, V]
        Operand<TFloat32> summed =
                tf.math.log(tf.math.maximum(tf.math.add(tf.math.exp(logProbs), moved), tf.constant(Float.MIN_NORMAL)));
        Operand<TBool> gets = tf.reduceAny(tf.math.greater(toOneHot, tf.constant(0f)), tf.constant(0)); // [V]
        Operand<TInt32> out = tf.concat(List.of(from, avoid), tf.constant(0));
        Operand<TBool> goes = tf.reduceAny(
                tf.math.greater(tf.oneHot(out, words, tf.constant(1f), tf.constant(0f)), tf.constant(0f)),
                tf.constant(0)); // [V]
        return tf.select(goes, tf.constant(NEVER), tf.select(gets, summed, logProbs));
    }

    private Candidates special(
            Branch special, Operand<TFloat32> logProbs, Operand<TFloat32> free, Operand<TBool> atLast) {
        Operand<TInt32> choice = special.yes(in.<TInt32>get(Slot.CHOICE));
        Operand<TInt32> candidates = special.yes(in.<TInt32>get(Slot.CANDIDATES));
        Operand<TFloat32> all = special.yes(logProbs);
        Branch follow = new Branch(tf, tf.math.equal(choice, tf.constant(FOLLOW)));
        Candidates followed = followed(special, follow, follow.yes(all), follow.yes(candidates));

        Operand<TBool> constrained = follow.no(special.yes(in.<TBool>get(Slot.CONSTRAINED)));
        Operand<TFloat32> ending = new Branch(tf, constrained).apply(last(follow.no(all)), required::withoutEnd);
        Operand<TFloat32> open =
                tf.select(follow.no(special.yes(atLast)), ending, follow.no(special.yes(free))); // [R, V]
        Branch sample = new Branch(tf, tf.math.equal(follow.no(choice), tf.constant(SAMPLE)));
        Candidates sampled =
                single(sampled(special, follow, sample, sample.yes(open)), sample.yes(follow.no(candidates)));
        TopK<TFloat32, TInt32> best = tf.nn.topK(sample.no(open), sample.no(follow.no(candidates)), TInt32.class);
        return new Candidates(
                follow.merge(followed.logProbs(), sample.merge(sampled.logProbs(), best.values())),
                follow.merge(followed.words(), sample.merge(sampled.words(), best.indices())));
    }

    /** Returns the log-probabilities of the last step, [R, V]: the end, or padding at the price of not ending. */
    private Operand<TFloat32> last(Operand<TFloat32> logProbs) {
        Operand<TInt32> ids = tf.range(tf.constant(0), tf.constant(vocabulary), tf.constant(1)); // [V]
        Operand<TFloat32> end = tf.gather(logProbs, tf.constant(new int[] {Vocabulary.END}), tf.constant(1)); // [R, 1]
        Operand<TFloat32> goesOn =
                tf.math.log(tf.math.maximum(tf.math.neg(tf.math.expm1(end)), tf.constant(Float.MIN_NORMAL)));
        return tf.select(
                tf.math.equal(ids, tf.constant(Vocabulary.PAD)),
                goesOn,
                tf.select(tf.math.equal(ids, tf.constant(Vocabulary.END)), logProbs, tf.constant(NEVER)));
    }

    private record Word(Operand<TFloat32> logProb, Operand<TInt32> word) {} // [R, 1] each

    private Candidates followed(Branch special, Branch follow, Operand<TFloat32> logProbs, Operand<TInt32> candidates) {
        Operand<TInt32> forced = follow.yes(special.yes(in.<TInt32>get(Slot.FORCED)));
        Operand<TInt32> step = follow.yes(special.yes(in.<TInt32>get(Slot.STEP)));
        Operand<TInt32> columns = tf.gather(tf.shape(forced), tf.constant(1), tf.constant(0));
        Operand<TInt32> column = tf.math.minimum(step, tf.math.sub(columns, tf.constant(1)));
        Operand<TInt32> image = tf.gather(
                follow.yes(special.yes(in.<TInt32>get(Slot.IMAGES))),
                follow.yes(special.yes(rows.images())),
                tf.constant(0)); // [R]
        Operand<TInt32> given = tf.expandDims(
                tf.gather(tf.gather(forced, column, tf.constant(1)), image, tf.constant(0)), tf.constant(1));
        Operand<TBool> over = tf.math.equal(given, tf.constant(Vocabulary.PAD));
        return single(new Word(tf.select(over, tf.constant(0f), pick(logProbs, given)), given), candidates);
    }

    private Word sampled(Branch special, Branch follow, Branch sample, Operand<TFloat32> logProbs) {
        Passage yes = new Passage(special, follow, sample);
        Operand<TInt32> places = yes.of(rows.places());
        Operand<TInt32> chances = alike ? yes.of(in.<TInt32>get(Slot.BEAM_WIDTH)) : tf.size(places);
        Operand<TInt32> word = new WordSampler(tf, vocabulary)
                .sample(
                        logProbs,
                        alike ? tf.math.mod(places, chances) : tf.range(tf.constant(0), chances, tf.constant(1)),
                        chances,
                        yes.of(in.get(Slot.TEMPERATURE)),
                        yes.of(in.get(Slot.TOP_K)),
                        yes.of(in.get(Slot.TOP_P)),
                        tf.stack(List.of(yes.of(in.<TInt32>get(Slot.SEED)), yes.of(in.<TInt32>get(Slot.STEP)))));
        Operand<TInt32> column = tf.expandDims(word, tf.constant(1));
        return new Word(pick(logProbs, column), column);
    }

    /** The way to where words are sampled. */
    private record Passage(Branch special, Branch follow, Branch sample) {
        <T extends org.tensorflow.types.family.TType> Operand<T> of(Operand<T> x) {
            return sample.yes(follow.no(special.yes(x)));
        }
    }

    /** Returns one word as the only candidate. */
    private Candidates single(Word word, Operand<TInt32> candidates) {
        Operand<TInt32> others = tf.reshape(tf.math.sub(candidates, tf.constant(1)), tf.array(1));
        Operand<TInt32> paddings =
                tf.reshape(tf.concat(List.of(tf.array(0, 0, 0), others), tf.constant(0)), tf.array(2, 2));
        return new Candidates(
                tf.pad(word.logProb(), paddings, tf.constant(NEVER)),
                tf.pad(word.word(), paddings, tf.constant(Vocabulary.PAD)));
    }

    private Operand<TFloat32> pick(Operand<TFloat32> x, Operand<TInt32> column) {
        return tf.gather(x, column, tf.constant(1), Gather.batchDims(1L));
    }
}
