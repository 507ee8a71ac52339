package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.graph.LoopVariables.Slot;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * The search for captions as one loop inside the graph: beam search, or sampling. The same loop scores given captions.
 *
 * <p>Each of N images keeps K hypotheses. A finished one stays in the beam at its log-probability. The padding, start
 * and unknown tokens are never chosen. After S - 1 words a hypothesis either ends or is cut, whichever is likelier. At
 * the end the hypotheses are ranked by log P / (words + 1)^p, and then, if wanted, by {@link Consensus}. With a
 * temperature above 0 each hypothesis continues with a word that {@link WordSampler} samples, instead of the K best of
 * all.
 *
 * <p>Only open hypotheses are computed, and an image leaves the loop when it has none. What a step finds is written
 * once, and each hypothesis keeps where; the words, log-probabilities and alphas are gathered after the loop.
 *
 * <p>With C required words the K hypotheses are C + 1 beams of equal width, one for each number of them that a
 * hypothesis has (Post and Vilar 2018, with beams of fixed width): a hypothesis ends only when it has them all.
 */
final class BeamSearch {
    private final Graph graph;
    private final Ops tf;
    private final Decoder decoder;

    /**
     * The inputs of a search.
     *
     * @param inputs beam width K and the other scalars
     * @param steps S, words and the end, []
     * @param forced ids to follow instead of choosing, [N, S] with K = 1; or [1, 1] holding a negative value to choose
     * @param alike whether a seed samples the same captions of an image in every batch; if not, the samples of images
     *     are independent
     * @param prior what is added to the logits of words in every step, [N, V]; null for nothing
     */
    record Request(
            SearchInputs inputs,
            Operand<TInt32> steps,
            Operand<TInt32> forced,
            boolean alike,
            @Nullable Operand<TFloat32> prior) {
        /** Without a prior. */
        Request(SearchInputs inputs, Operand<TInt32> steps, Operand<TInt32> forced, boolean alike) {
            this(inputs, steps, forced, alike, null);
        }

        /** Returns the tensors that stay the same over the words of a caption, the prior last. */
        private List<Operand<TFloat32>> perImage(Decoder.DecoderContext context) {
            return prior == null
                    ? context.perImage()
                    : Stream.concat(context.perImage().stream(), Stream.of(prior))
                            .toList();
        }
    }

    /**
     * The hypotheses of a search, best first.
     *
     * @param tokens words, the end, padding: [N, K, S]
     * @param logProbs log-probability of each token, 0 for padding; for the padding of a cut caption at S the
     *     log-probability that it continues: [N, K, S]
     * @param scores {@link NextWords#NEVER} or less for a place without a caption, [N, K]
     * @param attention alpha at each token, zeros behind the end: [N, K, S, L]; L is 0 without attention
     */
    record Found(
            Operand<TInt32> tokens,
            Operand<TFloat32> logProbs,
            Operand<TFloat32> scores,
            Operand<TFloat32> attention) {}

    BeamSearch(Graph graph, Ops tf, Decoder decoder) {
        this.graph = graph;
        this.tf = tf;
        this.decoder = decoder;
    }

    /** Adds the search over prepared images to the graph. */
    Found search(Decoder.DecoderContext context, StepWeights weights, Request request) {
        LoopVariables variables = initial(context, weights, request);
        Output<?>[] end = graph.whileLoop(
                variables.outputs(),
                (g, in, out) -> {
                    Ops body = Ops.create(g);
                    Operand<TInt32> images = LoopVariables.of(in, variables).get(Slot.IMAGES);
                    out[0] = body.math
                            .greater(body.size(images), body.constant(0))
                            .asOutput();
                },
                (g, in, out) -> {
                    Ops body = Ops.create(g);
                    LoopVariables loop = LoopVariables.of(in, variables);
                    DecoderLayers layers = new DecoderLayers(
                            body,
                            weights.inside(body, loop.weights()),
                            weights.passed().isEmpty());
                    Output<?>[] next = new SearchStep(body, decoder, layers, loop, request)
                            .next()
                            .outputs();
                    System.arraycopy(next, 0, out, 0, next.length);
                },
                // Two loops of one graph need two names.
                tf.scope().makeOpName("beam_search"));
        return rank(LoopVariables.of(end, variables), request.inputs());
    }

    private LoopVariables initial(Decoder.DecoderContext context, StepWeights weights, Request request) {
        SearchInputs inputs = request.inputs();
        Operand<TInt32> zero = tf.constant(0);
        Operand<TInt32> one = tf.constant(1);
        Operand<TInt32> k = inputs.beamWidth();
        Operand<TInt32> s = request.steps();
        Operand<TInt32> n = tf.gather(tf.shape(context.initial().get(0)), zero, zero);
        Operand<TInt32> nk = tf.stack(List.of(n, k));
        Operand<TInt32> written = tf.math.add(tf.math.mul(n, s), one); // the last stays blank
        Operand<TInt32> blank = tf.math.mul(tf.math.mul(n, s), k);
        Operand<TInt32> writtenBeams = tf.stack(List.of(written, k));
        Operand<TInt32> require = ids(inputs.require());
        Operand<TInt32> choice = NextWords.choice(tf, request.forced(), inputs.temperature());
        // All hypotheses start equal: only the first is open, or the beam would hold K copies. Sampled ones differ.
        Operand<TInt32> open = tf.select(tf.math.equal(choice, tf.constant(NextWords.SAMPLE)), k, one);
        Operand<TBool> void_ = tf.math.greaterEqual(tf.range(zero, k, one), open); // [K]
        Operand<TBool> done = tf.broadcastTo(void_, nk);
        Operand<TInt32> places = OpenRows.places(tf, done);

        LoopVariables variables = new LoopVariables(
                context.initial().stream()
                        .map(state -> (Operand<TFloat32>) tf.gather(state, tf.math.div(places, k), zero))
                        .toList(),
                request.perImage(context),
                weights.values(tf, decoder.weightShapes()));
        variables.set(Slot.STEP, zero);
        variables.set(Slot.ROWS, places);
        variables.set(Slot.WORD, tf.fill(tf.shape(places), tf.constant(Vocabulary.START)));
        variables.set(Slot.SCORE, tf.broadcastTo(tf.select(void_, tf.constant(NextWords.NEVER), tf.constant(0f)), nk));
        variables.set(Slot.DONE, done);
        variables.set(Slot.IMAGES, tf.range(zero, n, one));
        variables.set(Slot.HISTORY, tf.fill(tf.stack(List.of(n, k, s)), blank));
        variables.set(Slot.FINAL_SCORE, tf.fill(nk, tf.constant(NextWords.NEVER)));
        variables.set(Slot.FINAL_HISTORY, tf.fill(tf.stack(List.of(n, k, s)), blank));
        variables.set(Slot.TOKENS, tf.fill(writtenBeams, tf.constant(Vocabulary.PAD)));
        variables.set(Slot.LOG_PROBS, tf.fill(writtenBeams, tf.constant(0f)));
        variables.set(Slot.PARENTS, tf.fill(writtenBeams, blank));
        variables.set(
                Slot.ALPHAS,
                tf.fill(tf.stack(List.of(tf.math.mul(written, k), tf.constant(cells()))), tf.constant(0f)));
        variables.set(Slot.FORCED, request.forced());
        variables.set(Slot.STEPS, s);
        variables.set(Slot.BEAM_WIDTH, k);
        variables.set(
                Slot.CANDIDATES,
                NextWords.candidates(
                        tf, tf.math.add(k, tf.size(require)), decoder.size().vocabulary()));
        Operand<TInt32> wanted = tf.select(inputs.consensus(), k, inputs.alternatives());
        variables.set(Slot.ALTERNATIVES, tf.math.minimum(wanted, k));
        variables.set(Slot.LENGTH_PENALTY, inputs.lengthPenalty());
        variables.set(Slot.CHOICE, choice);
        variables.set(Slot.NO_REPEAT, inputs.noRepeatNgram());
        variables.set(Slot.TEMPERATURE, inputs.temperature());
        variables.set(Slot.TOP_K, inputs.topK());
        variables.set(Slot.TOP_P, inputs.topP());
        variables.set(Slot.SEED, inputs.seed());
        Operand<TInt32> avoid = ids(inputs.avoid());
        Operand<TInt32> merged = ids(inputs.mergeFrom());
        variables.set(Slot.EDITED, tf.math.greater(tf.math.add(tf.size(avoid), tf.size(merged)), zero));
        variables.set(Slot.CONSTRAINED, tf.math.greater(tf.size(require), zero));
        variables.set(Slot.AVOID, avoid);
        variables.set(Slot.MERGE_FROM, merged);
        variables.set(Slot.MERGE_TO, ids(inputs.mergeTo()));
        variables.set(Slot.REQUIRE, require);
        return variables;
    }

    /** Returns the ids that are not negative. */
    private Operand<TInt32> ids(Operand<TInt32> given) {
        Operand<TBool> real = tf.math.greaterEqual(given, tf.constant(Vocabulary.PAD));
        return tf.gather(given, tf.squeeze(tf.where(real), Squeeze.axis(List.of(1L))), tf.constant(0));
    }

    private Found rank(LoopVariables end, SearchInputs inputs) {
        Operand<TInt32> history = end.get(Slot.FINAL_HISTORY); // [N, K, S]
        Operand<TInt32> found = at(end.<TInt32>get(Slot.TOKENS), history);
        Operand<TFloat32> norm = norm(tf, found, inputs.lengthPenalty());
        Operand<TFloat32> scores = tf.math.div(end.<TFloat32>get(Slot.FINAL_SCORE), norm);
        TopK<TFloat32, TInt32> ranked = tf.nn.topK(scores, inputs.beamWidth(), TInt32.class);
        Branch agreeing = new Branch(tf, inputs.byConsensus(tf));
        Operand<TInt32> order = agreeing.merge(
                new Consensus(tf, agreeing.yes(found), agreeing.yes(scores)).order(), agreeing.no(ranked.indices()));
        Operand<TInt32> ordered = ofBeam(history, order);
        Operand<TInt32> tokens = at(end.<TInt32>get(Slot.TOKENS), ordered);
        Operand<TFloat32> isToken =
                tf.dtypes.cast(tf.math.notEqual(tokens, tf.constant(Vocabulary.PAD)), TFloat32.class);
        Operand<TFloat32> alphas =
                tf.gather(end.<TFloat32>get(Slot.ALPHAS), at(end.<TInt32>get(Slot.PARENTS), ordered), tf.constant(0));
        return new Found(
                tokens,
                at(end.<TFloat32>get(Slot.LOG_PROBS), ordered),
                ofBeam(scores, order),
                tf.math.mul(alphas, tf.expandDims(isToken, tf.constant(-1))));
    }

    /** Returns the divisor of each hypothesis' log-probability, [N, K], from its tokens [N, K, S]. */
    static Operand<TFloat32> norm(Ops tf, Operand<TInt32> tokens, Operand<TFloat32> lengthPenalty) {
        Operand<TFloat32> words = tf.sum(
                tf.dtypes.cast(tf.math.greater(tokens, tf.constant(Vocabulary.END)), TFloat32.class),
                tf.constant(2)); // padding, start and end are no words
        return tf.math.pow(tf.math.add(words, tf.constant(1f)), lengthPenalty);
    }

    /** Returns the entries of hypotheses [N, K, …] in an order [N, K]. */
    private <T extends TType> Operand<T> ofBeam(Operand<T> hypotheses, Operand<TInt32> order) {
        return tf.gather(hypotheses, order, tf.constant(1), Gather.batchDims(1L));
    }

    private <T extends TType> Operand<T> at(Operand<T> written, Operand<TInt32> places) {
        return tf.gather(tf.reshape(written, tf.array(-1)), places, tf.constant(0));
    }

    private int cells() {
        return decoder.attends() ? decoder.size().cells() : 0;
    }
}
