package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.Mode;
import io.captioner.training.weights.WeightSource;
import java.util.ArrayList;
import java.util.Collections;
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
 * The search for captions as one loop inside the graph: beam search, or sampling. The same loop scores given captions.
 *
 * <p>Each of N images keeps K hypotheses. A finished one stays in the beam at its log-probability. The padding, start
 * and unknown tokens are never chosen. After S - 1 words a hypothesis either ends or is cut, whichever is likelier. At
 * the end the hypotheses are ranked by log P / (words + 1)^p. With a temperature above 0 each hypothesis continues with
 * a word that {@link WordSampler} samples, instead of the K best of all.
 */
final class BeamSearch {
    private final Graph graph;
    private final Ops tf;
    private final Decoder decoder;
    private final int vocabulary;
    private final int cells;
    private final List<String> weightNames;
    private final Map<String, long[]> weightShapes;

    /**
     * The loop's variables by position; behind them follow the decoder's states, its tensors for each image, and the
     * weights of a step.
     */
    private enum Slot {
        STEP,
        WORD,
        SCORE,
        DONE,
        TOKENS,
        LOG_PROBS,
        ALPHAS,
        FORCED,
        STEPS,
        NO_REPEAT,
        TEMPERATURE,
        TOP_K,
        TOP_P,
        SEED
    }

    /**
     * The inputs of a search.
     *
     * @param inputs beam width K and the other scalars
     * @param steps S, words and the end, []
     * @param forced ids to follow instead of choosing, [N, S] with K = 1; or [1, 1] holding a negative value to choose
     */
    record Request(SearchInputs inputs, Operand<TInt32> steps, Operand<TInt32> forced) {}

    /**
     * The hypotheses of a search, best first.
     *
     * @param tokens words, the end, padding: [N, K, S]
     * @param logProbs log-probability of each token, 0 for padding; for the padding of a cut caption at S the
     *     log-probability that it continues: [N, K, S]
     * @param scores [N, K]
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
        this.vocabulary = decoder.size().vocabulary();
        this.cells = decoder.attends() ? decoder.size().cells() : 0;
        this.weightShapes = decoder.weightShapes();
        this.weightNames = decoder.stepWeights();
    }

    /** Adds the search over prepared images to the graph. */
    Found search(Decoder.DecoderContext context, WeightSource weights, Request request) {
        SearchInputs inputs = request.inputs();
        Operand<TInt32> n = tf.slice(tf.shape(context.initial().get(0)), tf.array(0), tf.array(1));
        Operand<TInt32> k = tf.reshape(inputs.beamWidth(), tf.array(1));
        Operand<TInt32> s = tf.reshape(request.steps(), tf.array(1));
        Operand<TInt32> nk = tf.concat(List.of(n, k), tf.constant(0));
        Operand<TInt32> nks = tf.concat(List.of(n, k, s), tf.constant(0));
        // All hypotheses start equal: only the first may grow, or the beam would hold K copies. Sampled ones differ.
        Operand<TFloat32> firstOnly =
                tf.oneHot(tf.constant(0), inputs.beamWidth(), tf.constant(0f), tf.constant(AllowedWords.NEVER));
        Operand<TFloat32> start = tf.select(
                tf.math.greater(inputs.temperature(), tf.constant(0f)),
                tf.math.mul(firstOnly, tf.constant(0f)),
                firstOnly);
        List<Operand<?>> variables = new ArrayList<>(Collections.nCopies(Slot.values().length, null));
        set(variables, Slot.STEP, tf.constant(0));
        set(variables, Slot.WORD, tf.fill(nk, tf.constant(Vocabulary.START)));
        set(variables, Slot.SCORE, tf.broadcastTo(start, nk));
        set(variables, Slot.DONE, tf.fill(nk, tf.constant(false)));
        set(variables, Slot.TOKENS, tf.fill(nks, tf.constant(Vocabulary.PAD)));
        set(variables, Slot.LOG_PROBS, tf.fill(nks, tf.constant(0f)));
        set(variables, Slot.ALPHAS, tf.fill(tf.concat(List.of(nks, tf.array(cells)), tf.constant(0)), tf.constant(0f)));
        set(variables, Slot.FORCED, request.forced());
        set(variables, Slot.STEPS, request.steps());
        set(variables, Slot.NO_REPEAT, inputs.noRepeatNgram());
        set(variables, Slot.TEMPERATURE, inputs.temperature());
        set(variables, Slot.TOP_K, inputs.topK());
        set(variables, Slot.TOP_P, inputs.topP());
        set(variables, Slot.SEED, inputs.seed());
        for (int i = 0; i < context.initial().size(); i++) {
            Operand<TInt32> shape =
                    tf.concat(List.of(nk, tf.array(decoder.stateWidths().get(i))), tf.constant(0));
            variables.add(tf.broadcastTo(tf.expandDims(context.initial().get(i), tf.constant(1)), shape));
        }
        variables.addAll(context.perImage());
        for (String name : weightNames) {
            // A loop takes values, not references to variables.
            variables.add(tf.identity(weights.get(name, shape(name))));
        }
        Output<?>[] end = graph.whileLoop(
                variables.stream().map(Operand::asOutput).toArray(Output<?>[]::new),
                (g, in, out) -> out[0] = unfinished(Ops.create(g), List.of(in)).asOutput(),
                (g, in, out) -> {
                    List<Operand<?>> next = nextStep(Ops.create(g), List.of(in));
                    for (int i = 0; i < next.size(); i++) {
                        out[i] = next.get(i).asOutput();
                    }
                },
                // Two loops of one graph need two names.
                tf.scope().makeOpName("beam_search"));
        return rank(List.of(end), inputs);
    }

    private Found rank(List<Output<?>> end, SearchInputs inputs) {
        Operand<TInt32> tokens = get(end, Slot.TOKENS);
        Operand<TFloat32> words = tf.sum(
                tf.dtypes.cast(
                        tf.math.logicalAnd(
                                tf.math.notEqual(tokens, tf.constant(Vocabulary.PAD)),
                                tf.math.notEqual(tokens, tf.constant(Vocabulary.END))),
                        TFloat32.class),
                tf.constant(2)); // [N, K]
        Operand<TFloat32> norm = tf.math.pow(tf.math.add(words, tf.constant(1f)), inputs.lengthPenalty());
        TopK<TFloat32, TInt32> ranked =
                tf.nn.topK(tf.math.div(this.<TFloat32>get(end, Slot.SCORE), norm), inputs.beamWidth(), TInt32.class);
        Operand<TInt32> order = ranked.indices();
        return new Found(
                take(tf, tokens, order),
                take(tf, this.<TFloat32>get(end, Slot.LOG_PROBS), order),
                ranked.values(),
                take(tf, this.<TFloat32>get(end, Slot.ALPHAS), order));
    }

    private Operand<TBool> unfinished(Ops body, List<Output<?>> in) {
        return body.math.logicalAnd(
                body.math.less(this.<TInt32>get(in, Slot.STEP), this.<TInt32>get(in, Slot.STEPS)),
                body.math.logicalNot(body.reduceAll(this.<TBool>get(in, Slot.DONE), body.array(0, 1))));
    }

    /** The decoder's output after the words so far: log-probabilities of the next [N, K, V], alpha, and its state. */
    private record StepOutput(
            Operand<TFloat32> logProbs, List<Operand<TFloat32>> alpha, List<Operand<TFloat32>> state) {}

    private StepOutput decode(Ops body, List<Output<?>> in, Operand<TInt32> beamShape) {
        int states = decoder.stateWidths().size();
        int firstState = Slot.values().length;
        int firstWeight = in.size() - weightNames.size();
        DecoderLayers layers = new DecoderLayers(body, weights(in.subList(firstWeight, in.size())));
        List<Operand<TFloat32>> state = floats(in.subList(firstState, firstState + states));
        List<Operand<TFloat32>> perImage = floats(in.subList(firstState + states, firstWeight));

        Operand<TFloat32> embedded =
                decoder.embed(layers, body.reshape(this.<TInt32>get(in, Slot.WORD), body.array(-1))); // [N * K, E]
        Decoder.AttentionOutput attention = decoder.attend(layers, perImage, state.get(0));
        List<Operand<TFloat32>> rows = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            rows.add(body.reshape(
                    state.get(i), body.array(-1, decoder.stateWidths().get(i))));
        }
        List<Operand<TFloat32>> next = decoder.step(layers, decoder.gateInputs(layers, embedded), attention, rows);
        Operand<TFloat32> logProbs =
                body.nn.logSoftmax(decoder.logits(layers, embedded, attention.context(), next.get(0), Mode.INFERENCE));
        List<Operand<TFloat32>> nextBeams = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            nextBeams.add(
                    beams(body, next.get(i), beamShape, decoder.stateWidths().get(i)));
        }
        return new StepOutput(beams(body, logProbs, beamShape, vocabulary), attention.alpha(), nextBeams);
    }

    private List<Operand<?>> nextStep(Ops body, List<Output<?>> in) {
        Operand<TInt32> step = get(in, Slot.STEP);
        Operand<TInt32> beamShape = body.shape(this.<TBool>get(in, Slot.DONE)); // [N, K]
        StepOutput output = decode(body, in, beamShape);

        Operand<TFloat32> allowed = new AllowedWords(body, vocabulary)
                .mask(
                        output.logProbs(),
                        step,
                        get(in, Slot.STEPS),
                        get(in, Slot.FORCED),
                        get(in, Slot.TOKENS),
                        get(in, Slot.NO_REPEAT),
                        get(in, Slot.DONE));
        Operand<TFloat32> scores = get(in, Slot.SCORE);
        Operand<TFloat32> totals = body.math.add(body.expandDims(scores, body.constant(-1)), allowed);
        Operand<TInt32> width = body.gather(beamShape, body.constant(1), body.constant(0));
        Operand<TInt32> flat = body.stack(List.of(body.constant(-1), body.math.mul(width, body.constant(vocabulary))));
        TopK<TFloat32, TInt32> best = body.nn.topK(body.reshape(totals, flat), width, TInt32.class);
        Operand<TInt32> bestParent = body.math.div(best.indices(), body.constant(vocabulary)); // [N, K]

        Operand<TFloat32> temperature = get(in, Slot.TEMPERATURE);
        Operand<TBool> sampling = body.math.greater(temperature, body.constant(0f));
        Operand<TInt32> sampled = new WordSampler(body, vocabulary)
                .sample(
                        allowed,
                        temperature,
                        get(in, Slot.TOP_K),
                        get(in, Slot.TOP_P),
                        body.stack(List.of(this.<TInt32>get(in, Slot.SEED), step)));
        Operand<TInt32> itself =
                body.broadcastTo(body.range(body.constant(0), width, body.constant(1)), beamShape); // [N, K]
        Operand<TInt32> parent = body.select(sampling, itself, bestParent);
        Operand<TInt32> word = body.select(
                sampling,
                sampled,
                body.math.sub(best.indices(), body.math.mul(bestParent, body.constant(vocabulary)))); // [N, K]

        // Read back, not subtracted from the totals: a long sum would cost the word's value its last digits.
        Operand<TInt32> place = body.math.add(body.math.mul(parent, body.constant(vocabulary)), word);
        Operand<TFloat32> wordLogProb = take(body, body.reshape(allowed, flat), place); // [N, K]
        Operand<TBool> wasDone = take(body, this.<TBool>get(in, Slot.DONE), parent);
        Operand<TBool> isDone = body.math.logicalOr(
                wasDone,
                body.math.logicalOr(
                        body.math.equal(word, body.constant(Vocabulary.END)),
                        body.math.equal(word, body.constant(Vocabulary.PAD))));
        Operand<TFloat32> isToken =
                body.dtypes.cast(body.math.notEqual(word, body.constant(Vocabulary.PAD)), TFloat32.class);
        Operand<TBool> here = body.math.equal(
                body.range(body.constant(0), this.<TInt32>get(in, Slot.STEPS), body.constant(1)), step); // [S]

        List<Operand<?>> next = new ArrayList<>(in);
        set(next, Slot.STEP, body.math.add(step, body.constant(1)));
        set(next, Slot.WORD, word);
        set(next, Slot.SCORE, body.math.add(take(body, scores, parent), wordLogProb));
        set(next, Slot.DONE, isDone);
        set(next, Slot.TOKENS, write(body, here, word, take(body, this.<TInt32>get(in, Slot.TOKENS), parent)));
        set(
                next,
                Slot.LOG_PROBS,
                write(body, here, wordLogProb, take(body, this.<TFloat32>get(in, Slot.LOG_PROBS), parent)));
        if (decoder.attends()) {
            Operand<TFloat32> alpha = body.math.mul(
                    take(body, output.alpha().get(0), parent),
                    body.expandDims(isToken, body.constant(-1))); // [N, K, L]
            set(
                    next,
                    Slot.ALPHAS,
                    body.select(
                            body.expandDims(here, body.constant(-1)),
                            body.expandDims(alpha, body.constant(2)),
                            take(body, this.<TFloat32>get(in, Slot.ALPHAS), parent)));
        }
        for (int i = 0; i < output.state().size(); i++) {
            next.set(Slot.values().length + i, take(body, output.state().get(i), parent));
        }
        return next;
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

    private static Operand<TFloat32> beams(Ops body, Operand<TFloat32> rows, Operand<TInt32> beamShape, int width) {
        return body.reshape(rows, body.concat(List.of(beamShape, body.array(width)), body.constant(0)));
    }

    private WeightSource weights(List<Output<?>> passed) {
        List<Operand<TFloat32>> values = floats(passed);
        return (name, shape) -> {
            int index = weightNames.indexOf(name);
            if (index < 0) {
                throw new IllegalArgumentException("bug: the loop was not given the weight " + name);
            }
            return values.get(index);
        };
    }

    private long[] shape(String name) {
        long[] shape = weightShapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("bug: no weight is called " + name);
        }
        return shape;
    }

    @SuppressWarnings("unchecked") // states, tensors of images and weights are all of this type
    private static List<Operand<TFloat32>> floats(List<Output<?>> variables) {
        return variables.stream()
                .map(variable -> (Operand<TFloat32>) (Operand<?>) variable)
                .toList();
    }

    private static void set(List<Operand<?>> variables, Slot slot, Operand<?> value) {
        variables.set(slot.ordinal(), value);
    }

    @SuppressWarnings("unchecked") // each slot holds one type, as search() sets it
    private <T extends TType> Operand<T> get(List<Output<?>> variables, Slot slot) {
        return (Operand<T>) variables.get(slot.ordinal());
    }
}
