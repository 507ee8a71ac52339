package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Beam search as one loop inside the graph; the same loop scores given captions.
 *
 * <p>Each of N images keeps K hypotheses. A finished one stays in the beam at its log-probability. The padding, start
 * and unknown tokens are never chosen. After S - 1 words a hypothesis either ends or is cut, whichever is likelier. At
 * the end the hypotheses are ranked by log P / (words + 1)^p.
 */
final class BeamSearch {
    /** Stays below every real log-probability, also after division by a length and after many additions. */
    private static final float NEVER = -1e30f;

    private final Graph graph;
    private final Ops tf;
    private final DecoderSize size;
    private final List<String> weightNames;
    private final Map<String, long[]> weightShapes;

    /** The loop's variables by position; the step's weights follow behind them. */
    private enum Slot {
        STEP,
        WORD,
        HIDDEN,
        CELL,
        SCORE,
        DONE,
        TOKENS,
        LOG_PROBS,
        ALPHAS,
        ANNOTATIONS,
        KEYS,
        FORCED,
        STEPS
    }

    /**
     * What to search for.
     *
     * @param beamWidth K, []
     * @param steps S, words and the end, []
     * @param lengthPenalty p, []
     * @param forced ids to follow instead of choosing, [N, S] with K = 1; or [1, 1] holding a negative value to choose
     */
    record Request(
            Operand<TInt32> beamWidth,
            Operand<TInt32> steps,
            Operand<TFloat32> lengthPenalty,
            Operand<TInt32> forced) {}

    /**
     * What was found, best first.
     *
     * @param tokens words, the end, padding: [N, K, S]
     * @param logProbs log-probability of each token, 0 for padding; for the padding of a cut caption at S the
     *     log-probability that it goes on: [N, K, S]
     * @param scores [N, K]
     * @param attention alpha at each token, zeros behind the end: [N, K, S, L]
     */
    record Found(
            Operand<TInt32> tokens,
            Operand<TFloat32> logProbs,
            Operand<TFloat32> scores,
            Operand<TFloat32> attention) {}

    BeamSearch(Graph graph, Ops tf, DecoderSize size) {
        this.graph = graph;
        this.tf = tf;
        this.size = size;
        this.weightShapes = SoftAttentionDecoder.weightShapes(size);
        this.weightNames = SoftAttentionDecoder.stepWeights(size);
    }

    /** Adds the search over prepared images to the graph. */
    Found search(SoftAttentionDecoder.Memory memory, WeightSource weights, Request request) {
        Operand<TInt32> n = tf.slice(tf.shape(memory.annotations()), tf.array(0), tf.array(1));
        Operand<TInt32> k = tf.reshape(request.beamWidth(), tf.array(1));
        Operand<TInt32> s = tf.reshape(request.steps(), tf.array(1));
        Operand<TInt32> nk = tf.concat(List.of(n, k), tf.constant(0));
        Operand<TInt32> nks = tf.concat(List.of(n, k, s), tf.constant(0));
        Operand<TInt32> nkh = tf.concat(List.of(nk, tf.array(size.hidden())), tf.constant(0));
        // All hypotheses start equal: only the first may grow, or the beam would hold K copies.
        Operand<TFloat32> firstOnly =
                tf.oneHot(tf.constant(0), request.beamWidth(), tf.constant(0f), tf.constant(NEVER));
        Operand<?>[] start = new Operand<?>[Slot.values().length + weightNames.size()];
        set(start, Slot.STEP, tf.constant(0));
        set(start, Slot.WORD, tf.fill(nk, tf.constant(Vocabulary.START)));
        set(start, Slot.HIDDEN, tf.broadcastTo(tf.expandDims(memory.initial().hidden(), tf.constant(1)), nkh));
        set(start, Slot.CELL, tf.broadcastTo(tf.expandDims(memory.initial().cell(), tf.constant(1)), nkh));
        set(start, Slot.SCORE, tf.broadcastTo(firstOnly, nk));
        set(start, Slot.DONE, tf.fill(nk, tf.constant(false)));
        set(start, Slot.TOKENS, tf.fill(nks, tf.constant(Vocabulary.PAD)));
        set(start, Slot.LOG_PROBS, tf.fill(nks, tf.constant(0f)));
        set(
                start,
                Slot.ALPHAS,
                tf.fill(tf.concat(List.of(nks, tf.array(size.cells())), tf.constant(0)), tf.constant(0f)));
        set(start, Slot.ANNOTATIONS, memory.annotations());
        set(start, Slot.KEYS, memory.keys());
        set(start, Slot.FORCED, request.forced());
        set(start, Slot.STEPS, request.steps());
        for (int i = 0; i < weightNames.size(); i++) {
            String name = weightNames.get(i);
            // A loop takes values, not references to variables.
            start[Slot.values().length + i] = tf.identity(weights.get(name, shape(name)));
        }
        Output<?>[] end = graph.whileLoop(
                Arrays.stream(start).map(Operand::asOutput).toArray(Output<?>[]::new),
                (g, in, out) -> out[0] = unfinished(Ops.create(g), in).asOutput(),
                (g, in, out) -> {
                    Operand<?>[] next = advance(Ops.create(g), in);
                    for (int i = 0; i < next.length; i++) {
                        out[i] = next[i].asOutput();
                    }
                },
                "beam_search");
        return rank(end, request);
    }

    private Found rank(Output<?>[] end, Request request) {
        Operand<TInt32> tokens = get(end, Slot.TOKENS);
        Operand<TFloat32> words = tf.sum(
                tf.dtypes.cast(
                        tf.math.logicalAnd(
                                tf.math.notEqual(tokens, tf.constant(Vocabulary.PAD)),
                                tf.math.notEqual(tokens, tf.constant(Vocabulary.END))),
                        TFloat32.class),
                tf.constant(2)); // [N, K]
        Operand<TFloat32> norm = tf.math.pow(tf.math.add(words, tf.constant(1f)), request.lengthPenalty());
        TopK<TFloat32, TInt32> ranked =
                tf.nn.topK(tf.math.div(this.<TFloat32>get(end, Slot.SCORE), norm), request.beamWidth(), TInt32.class);
        Operand<TInt32> order = ranked.indices();
        return new Found(
                take(tf, tokens, order),
                take(tf, this.<TFloat32>get(end, Slot.LOG_PROBS), order),
                ranked.values(),
                take(tf, this.<TFloat32>get(end, Slot.ALPHAS), order));
    }

    private Operand<TBool> unfinished(Ops body, Output<?>[] in) {
        return body.math.logicalAnd(
                body.math.less(this.<TInt32>get(in, Slot.STEP), this.<TInt32>get(in, Slot.STEPS)),
                body.math.logicalNot(body.reduceAll(this.<TBool>get(in, Slot.DONE), body.array(0, 1))));
    }

    private Operand<?>[] advance(Ops body, Output<?>[] in) {
        Map<String, Operand<TFloat32>> passed = new HashMap<>();
        for (int i = 0; i < weightNames.size(); i++) {
            @SuppressWarnings("unchecked")
            Operand<TFloat32> weight = (Operand<TFloat32>) in[Slot.values().length + i];
            passed.put(weightNames.get(i), weight);
        }
        SoftAttentionDecoder decoder = new SoftAttentionDecoder(body, named(passed), size);
        Operand<TInt32> step = get(in, Slot.STEP);
        Operand<TFloat32> hidden = get(in, Slot.HIDDEN);
        Operand<TInt32> beamShape = body.shape(this.<TBool>get(in, Slot.DONE)); // [N, K]

        Operand<TFloat32> embedded =
                decoder.embed(body.reshape(this.<TInt32>get(in, Slot.WORD), body.array(-1))); // [N * K, E]
        SoftAttentionDecoder.Glance glance = decoder.look(get(in, Slot.ANNOTATIONS), get(in, Slot.KEYS), hidden);
        SoftAttentionDecoder.State state = decoder.advance(
                decoder.gateInputs(embedded),
                glance.context(),
                new SoftAttentionDecoder.State(rows(body, hidden), rows(body, this.<TFloat32>get(in, Slot.CELL))));
        Operand<TFloat32> logProbs = beams(
                body,
                body.nn.logSoftmax(decoder.logits(embedded, glance.context(), state.hidden(), Dropout.NONE)),
                beamShape,
                size.vocabulary()); // [N, K, V]

        Operand<TFloat32> allowed = allow(body, logProbs, in);
        Operand<TFloat32> scores = get(in, Slot.SCORE);
        Operand<TFloat32> totals = body.math.add(body.expandDims(scores, body.constant(-1)), allowed);
        Operand<TInt32> width = body.gather(beamShape, body.constant(1), body.constant(0));
        Operand<TInt32> flat =
                body.stack(List.of(body.constant(-1), body.math.mul(width, body.constant(size.vocabulary()))));
        TopK<TFloat32, TInt32> best = body.nn.topK(body.reshape(totals, flat), width, TInt32.class);
        Operand<TInt32> parent = body.math.div(best.indices(), body.constant(size.vocabulary())); // [N, K]
        Operand<TInt32> word =
                body.math.sub(best.indices(), body.math.mul(parent, body.constant(size.vocabulary()))); // [N, K]

        // Read back, not subtracted from the totals: a long sum would cost the word's value its last digits.
        Operand<TFloat32> wordLogProb = take(body, body.reshape(allowed, flat), best.indices()); // [N, K]
        Operand<TBool> wasDone = take(body, this.<TBool>get(in, Slot.DONE), parent);
        Operand<TBool> isDone = body.math.logicalOr(
                wasDone,
                body.math.logicalOr(
                        body.math.equal(word, body.constant(Vocabulary.END)),
                        body.math.equal(word, body.constant(Vocabulary.PAD))));
        Operand<TFloat32> isToken =
                body.dtypes.cast(body.math.notEqual(word, body.constant(Vocabulary.PAD)), TFloat32.class);
        Operand<TFloat32> alpha = body.math.mul(
                take(body, glance.alpha(), parent), body.expandDims(isToken, body.constant(-1))); // [N, K, L]
        Operand<TBool> here = body.math.equal(
                body.range(body.constant(0), this.<TInt32>get(in, Slot.STEPS), body.constant(1)), step); // [S]

        Operand<?>[] next = Arrays.copyOf(in, in.length, Operand[].class);
        set(next, Slot.STEP, body.math.add(step, body.constant(1)));
        set(next, Slot.WORD, word);
        set(next, Slot.HIDDEN, take(body, beams(body, state.hidden(), beamShape, size.hidden()), parent));
        set(next, Slot.CELL, take(body, beams(body, state.cell(), beamShape, size.hidden()), parent));
        set(next, Slot.SCORE, best.values());
        set(next, Slot.DONE, isDone);
        set(next, Slot.TOKENS, write(body, here, word, take(body, this.<TInt32>get(in, Slot.TOKENS), parent)));
        set(
                next,
                Slot.LOG_PROBS,
                write(body, here, wordLogProb, take(body, this.<TFloat32>get(in, Slot.LOG_PROBS), parent)));
        set(
                next,
                Slot.ALPHAS,
                body.select(
                        body.expandDims(here, body.constant(-1)),
                        body.expandDims(alpha, body.constant(2)),
                        take(body, this.<TFloat32>get(in, Slot.ALPHAS), parent)));
        return next;
    }

    /** Returns the log-probabilities [N, K, V] with {@link #NEVER} for each token that may not follow. */
    private Operand<TFloat32> allow(Ops body, Operand<TFloat32> logProbs, Output<?>[] in) {
        Operand<TInt32> step = get(in, Slot.STEP);
        Operand<TInt32> forced = get(in, Slot.FORCED);
        Operand<TInt32> ids = body.range(body.constant(0), body.constant(size.vocabulary()), body.constant(1)); // [V]
        Operand<TFloat32> never = body.constant(NEVER);

        // The last step: the end, or the padding that cuts the caption at the price of not ending.
        Operand<TFloat32> end = body.gather(logProbs, body.constant(Vocabulary.END), body.constant(2)); // [N, K]
        Operand<TFloat32> goesOn =
                body.math.log(body.math.maximum(body.math.neg(body.math.expm1(end)), body.constant(Float.MIN_NORMAL)));
        Operand<TBool> isPad = body.math.equal(ids, body.constant(Vocabulary.PAD));
        Operand<TBool> isEnd = body.math.equal(ids, body.constant(Vocabulary.END));
        Operand<TFloat32> last =
                body.select(isPad, body.expandDims(goesOn, body.constant(-1)), body.select(isEnd, logProbs, never));
        boolean[] banned = new boolean[size.vocabulary()];
        banned[Vocabulary.PAD] = true;
        banned[Vocabulary.START] = true;
        banned[Vocabulary.UNKNOWN] = true;
        Operand<TFloat32> free = body.select(body.constant(banned), never, logProbs);
        Operand<TBool> atLast =
                body.math.equal(body.math.add(step, body.constant(1)), this.<TInt32>get(in, Slot.STEPS));
        Operand<TFloat32> chosen = body.select(atLast, last, free);

        Operand<TInt32> columns = body.gather(body.shape(forced), body.constant(1), body.constant(0));
        Operand<TInt32> column = body.math.minimum(step, body.math.sub(columns, body.constant(1)));
        Operand<TInt32> given =
                body.reshape(body.gather(forced, column, body.constant(1)), body.array(-1, 1, 1)); // [N or 1, 1, 1]
        Operand<TFloat32> followed = body.select(body.math.equal(ids, given), logProbs, never);
        Operand<TBool> choosing = body.math.less(given, body.constant(0));
        Operand<TFloat32> open = body.select(choosing, chosen, followed);

        // A finished caption is followed by padding, at no cost.
        Operand<TFloat32> padOnly = body.select(isPad, body.constant(0f), never); // [V]
        Operand<TBool> over = body.math.logicalOr(
                body.expandDims(this.<TBool>get(in, Slot.DONE), body.constant(-1)),
                body.math.equal(given, body.constant(Vocabulary.PAD)));
        return body.select(over, padOnly, open);
    }

    /** Returns [N, K, S] with the given [N, K] written where {@code here} is true. */
    private static <T extends TType> Operand<T> write(
            Ops body, Operand<TBool> here, Operand<T> values, Operand<T> sequence) {
        return body.select(here, body.expandDims(values, body.constant(-1)), sequence);
    }

    /** Returns the hypotheses of each image in another order: x [N, K, ...] by order [N, K]. */
    private static <T extends TType> Operand<T> take(Ops ops, Operand<T> x, Operand<TInt32> order) {
        return ops.gather(x, order, ops.constant(1), Gather.batchDims(1L));
    }

    private Operand<TFloat32> rows(Ops body, Operand<TFloat32> beams) {
        return body.reshape(beams, body.array(-1, size.hidden()));
    }

    private static Operand<TFloat32> beams(Ops body, Operand<TFloat32> rows, Operand<TInt32> beamShape, int width) {
        return body.reshape(rows, body.concat(List.of(beamShape, body.array(width)), body.constant(0)));
    }

    private static WeightSource named(Map<String, Operand<TFloat32>> weights) {
        return (name, shape) -> {
            Operand<TFloat32> weight = weights.get(name);
            if (weight == null) {
                throw new IllegalArgumentException("bug: the loop was not given the weight " + name);
            }
            return weight;
        };
    }

    private long[] shape(String name) {
        long[] shape = weightShapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("bug: no weight is called " + name);
        }
        return shape;
    }

    private static void set(Operand<?>[] variables, Slot slot, Operand<?> value) {
        variables[slot.ordinal()] = value;
    }

    @SuppressWarnings("unchecked") // each slot holds one type, as search() sets it
    private <T extends TType> Operand<T> get(Output<?>[] variables, Slot slot) {
        return (Operand<T>) variables[slot.ordinal()];
    }
}
