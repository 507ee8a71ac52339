package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A soft-attention decoder in training: its variables in one session, a teacher-forced step for each caption length,
 * and beam search with the averaged weights. Owns native memory; one thread at a time.
 */
public final class TrainingGraph implements AutoCloseable {
    private static final float BETA_1 = 0.9f;
    private static final float BETA_2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final DecoderSize size;
    private final TrainingSettings settings;
    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final TrainedWeights weights;
    private final Session session;

    private final Placeholder<TFloat16> annotations;
    private final Placeholder<TInt32> seed = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(2)));
    private final Placeholder<TFloat32> learningRate = scalar();
    private final Placeholder<TFloat32> beta1Power = scalar();
    private final Placeholder<TFloat32> beta2Power = scalar();
    private final Placeholder<TFloat32> averageDecay = scalar();
    private final TreeMap<Integer, Step> steps = new TreeMap<>();
    private final Search search;

    /** One unrolled training step for captions of up to {@code length} tokens, the end included. */
    private record Step(
            Placeholder<TInt32> tokens, Operand<TFloat32> loss, Operand<TFloat32> gradientNorm, Op update) {}

    private record Search(
            Placeholder<TInt32> beamWidth,
            Placeholder<TInt32> steps,
            Placeholder<TFloat32> lengthPenalty,
            BeamSearch.Found found) {}

    /**
     * What a step saw.
     *
     * @param loss mean negative log-likelihood of a real word, in nats, with label smoothing
     * @param gradientNorm global norm before clipping
     */
    public record StepResult(double loss, double gradientNorm) {
        /** Returns whether the step did what a step should; if not, the weights are lost. */
        public boolean isFinite() {
            return Double.isFinite(loss) && Double.isFinite(gradientNorm);
        }
    }

    /**
     * Builds the graph and starts its session with fresh weights.
     *
     * @param lengths the token counts, the end included, for which a step is unrolled; a batch takes the least that
     *     fits
     * @param seed decides the initial weights
     */
    public TrainingGraph(DecoderSize size, TrainingSettings settings, List<Integer> lengths, long seed) {
        this.size = size;
        this.settings = settings;
        this.annotations =
                tf.placeholder(TFloat16.class, Placeholder.shape(Shape.of(-1, size.cells(), size.channels())));
        this.weights = new TrainedWeights(tf, SoftAttentionDecoder.weightShapes(size), seed);
        for (int length : lengths) {
            steps.put(length, buildStep(length));
        }
        this.search = buildSearch();
        this.session = new Session(graph, true);
    }

    /** Returns how many numbers are trained. */
    public long parameterCount() {
        return SoftAttentionDecoder.weightShapes(size).values().stream()
                .mapToLong(shape -> Shape.of(shape).size())
                .sum();
    }

    /**
     * Takes one step of Adam.
     *
     * @param features annotation vectors of the N photos, float16 [N, L, D]
     * @param captions N captions as word ids, without start and end
     * @param rate learning rate of this step
     * @param number of this step, from 1; decides the dropout masks
     * @throws IllegalArgumentException if a caption is longer than the longest length given
     */
    public StepResult step(TFloat16 features, List<int[]> captions, float rate, int number) {
        int longest =
                captions.stream().mapToInt(caption -> caption.length + 1).max().orElseThrow();
        Map.Entry<Integer, Step> entry = steps.ceilingEntry(longest);
        if (entry == null) {
            throw new IllegalArgumentException("bug: no step is unrolled for captions of %d tokens".formatted(longest));
        }
        Step step = entry.getValue();
        float decay = Math.min(settings.averageDecay(), (1f + number) / (10f + number));
        try (TInt32 tokens = Tensors.captions(captions, entry.getKey());
                TInt32 masks = TInt32.vectorOf(number, 0);
                TFloat32 rateTensor = TFloat32.scalarOf(rate);
                TFloat32 power1 = TFloat32.scalarOf((float) Math.pow(BETA_1, number));
                TFloat32 power2 = TFloat32.scalarOf((float) Math.pow(BETA_2, number));
                TFloat32 decayTensor = TFloat32.scalarOf(decay);
                Result result = session.runner()
                        .feed(annotations, features)
                        .feed(step.tokens(), tokens)
                        .feed(seed, masks)
                        .feed(learningRate, rateTensor)
                        .feed(beta1Power, power1)
                        .feed(beta2Power, power2)
                        .feed(averageDecay, decayTensor)
                        .fetch(step.loss())
                        .fetch(step.gradientNorm())
                        .addTarget(step.update())
                        .run()) {
            return new StepResult(Tensors.scalar(result.get(0)), Tensors.scalar(result.get(1)));
        }
    }

    /** Captions photos with the averaged weights: for each of N, its best hypothesis. */
    public List<DecodedCaption> decode(TFloat16 features, int beamWidth, int maxWords, float lengthPenalty) {
        try (TInt32 k = TInt32.scalarOf(beamWidth);
                TInt32 s = TInt32.scalarOf(maxWords + 1);
                TFloat32 p = TFloat32.scalarOf(lengthPenalty);
                Result result = session.runner()
                        .feed(annotations, features)
                        .feed(search.beamWidth(), k)
                        .feed(search.steps(), s)
                        .feed(search.lengthPenalty(), p)
                        .fetch(search.found().tokens())
                        .fetch(search.found().logProbs())
                        .fetch(search.found().attention())
                        .run()) {
            return DecodedCaption.best(result);
        }
    }

    /** Returns a source of the averaged weights as they are now, frozen as constants of whichever graph asks. */
    public Function<Ops, WeightSource> frozen() {
        Map<String, float[]> values = new HashMap<>();
        weights.entries().forEach((name, entry) -> {
            try (Result result = session.runner().fetch(entry.average()).run()) {
                values.put(name, Tensors.floats(result.get(0)));
            }
        });
        return ops -> (name, shape) -> {
            float[] value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("bug: no weight is called " + name);
            }
            return ops.constant(Shape.of(shape), DataBuffers.of(value, true, false));
        };
    }

    /** Writes all variables, the optimiser's too, as a TensorFlow checkpoint with this path prefix. */
    public void save(String prefix) {
        session.save(prefix);
    }

    /** Reads what {@link #save} wrote. */
    public void restore(String prefix) {
        session.restore(prefix);
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }

    private Step buildStep(int length) {
        Placeholder<TInt32> tokens =
                tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, length + 1))); // start, words, end, padding
        List<Output<TInt32>> columns =
                tf.unstack(tokens, length + 1L, Unstack.axis(1L)).output();
        // Time-major rows: step t's N rows stand together.
        Operand<TInt32> targets = tf.concat(List.copyOf(columns.subList(1, length + 1)), tf.constant(0)); // [T * N]
        Operand<TFloat32> real =
                tf.dtypes.cast(tf.math.notEqual(targets, tf.constant(Vocabulary.PAD)), TFloat32.class); // [T * N]

        SoftAttentionDecoder decoder = new SoftAttentionDecoder(tf, weights.live(), size);
        SoftAttentionDecoder.Memory memory = decoder.remember(
                tf.dtypes.cast(annotations, TFloat32.class), Dropout.ofChannels(tf, seed, 1, settings.dropFeatures()));
        Operand<TInt32> previous =
                dropWords(tf.concat(List.copyOf(columns.subList(0, length)), tf.constant(0))); // [T * N]
        Operand<TFloat32> embedded =
                Dropout.ofValues(tf, seed, 2, settings.dropEmbedding()).apply(decoder.embed(previous)); // [T * N, E]
        List<Output<TFloat32>> gateInputs = tf.split(tf.constant(0), decoder.gateInputs(embedded), (long) length)
                .output();

        SoftAttentionDecoder.State state = memory.initial();
        List<Operand<TFloat32>> contexts = new ArrayList<>();
        List<Operand<TFloat32>> hiddens = new ArrayList<>();
        List<Operand<TFloat32>> alphas = new ArrayList<>();
        List<Operand<TFloat32>> spreads = new ArrayList<>();
        for (int t = 0; t < length; t++) {
            SoftAttentionDecoder.Glance glance =
                    decoder.look(memory.annotations(), memory.keys(), tf.expandDims(state.hidden(), tf.constant(1)));
            state = decoder.advance(gateInputs.get(t), glance.context(), state);
            contexts.add(glance.context());
            hiddens.add(state.hidden());
            Operand<TFloat32> isReal = tf.dtypes.cast(
                    tf.math.notEqual(columns.get(t + 1), tf.constant(Vocabulary.PAD)), TFloat32.class); // [N]
            Operand<TFloat32> alpha = SoftAttentionDecoder.squeeze(tf, glance.alpha(), 1); // [N, L]
            alphas.add(tf.math.mul(alpha, tf.expandDims(isReal, tf.constant(1))));
            spreads.add(tf.math.mul(spread(alpha), isReal));
        }
        Operand<TFloat32> logits = decoder.logits(
                embedded,
                tf.concat(contexts, tf.constant(0)),
                tf.concat(hiddens, tf.constant(0)),
                Dropout.ofValues(tf, seed, 3, settings.dropOutput())); // [T * N, V]
        Operand<TFloat32> loss = maskedCrossEntropy(logits, targets, real);
        Operand<TFloat32> meanSpread =
                tf.math.div(tf.sum(tf.math.addN(spreads), tf.constant(0)), tf.sum(real, tf.constant(0)));
        Operand<TFloat32> objective = tf.math.addN(List.of(
                loss,
                tf.math.mul(tf.constant(settings.doublyStochastic()), doublyStochasticTerm(alphas)),
                tf.math.mul(tf.constant(settings.entropyWeight()), meanSpread)));
        return minimise(tokens, loss, objective);
    }

    private Operand<TInt32> dropWords(Operand<TInt32> words) {
        if (settings.dropWords() == 0) {
            return words;
        }
        Operand<TFloat32> kept = Dropout.mask(tf, tf.shape(words), seed, 4, settings.dropWords());
        return tf.select(
                tf.math.logicalOr(
                        tf.math.greater(kept, tf.constant(0f)), tf.math.equal(words, tf.constant(Vocabulary.START))),
                words,
                tf.constant(Vocabulary.UNKNOWN));
    }

    /** Mean over the real words of the batch, not over padding. */
    private Operand<TFloat32> maskedCrossEntropy(
            Operand<TFloat32> logits, Operand<TInt32> targets, Operand<TFloat32> real) {
        float rest = settings.labelSmoothing() / (size.vocabulary() - 1);
        Operand<TFloat32> wanted = tf.oneHot(
                targets, tf.constant(size.vocabulary()), tf.constant(1 - settings.labelSmoothing()), tf.constant(rest));
        Operand<TFloat32> crossEntropy =
                tf.nn.softmaxCrossEntropyWithLogits(logits, wanted).loss();
        return tf.math.div(tf.sum(tf.math.mul(crossEntropy, real), tf.constant(0)), tf.sum(real, tf.constant(0)));
    }

    /** (1 - sum over t of alpha_ti)², section 4.2.1, equation 14, as a mean over images and places. */
    private Operand<TFloat32> doublyStochasticTerm(List<Operand<TFloat32>> alphas) {
        Operand<TFloat32> seen = tf.math.addN(alphas); // [N, L]
        return tf.math.mean(tf.math.square(tf.math.sub(tf.constant(1f), seen)), tf.array(0, 1));
    }

    /**
     * By how much the entropy of alpha, as a share of ln L, is above its target: [N]. Neither the likelihood nor the
     * doubly stochastic term asks for a map: a decoder that looks everywhere at once scores as well.
     */
    private Operand<TFloat32> spread(Operand<TFloat32> alpha) {
        Operand<TFloat32> logs = tf.math.log(tf.math.maximum(alpha, tf.constant(Float.MIN_NORMAL)));
        Operand<TFloat32> entropy = tf.math.mul(
                tf.sum(tf.math.mul(alpha, logs), tf.constant(1)), tf.constant((float) (-1 / Math.log(size.cells()))));
        return tf.nn.relu(tf.math.sub(entropy, tf.constant(settings.entropyTarget())));
    }

    private Step minimise(Placeholder<TInt32> tokens, Operand<TFloat32> loss, Operand<TFloat32> objective) {
        List<TrainedWeights.Entry> entries = List.copyOf(weights.entries().values());
        Gradients gradients = tf.gradients(
                objective, entries.stream().map(TrainedWeights.Entry::weight).toList());
        List<Operand<TFloat32>> raw = new ArrayList<>();
        List<Operand<TFloat32>> squares = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Operand<TFloat32> gradient = gradients.dy(i);
            raw.add(gradient);
            squares.add(tf.math.mul(tf.constant(2f), tf.nn.l2Loss(gradient)));
        }
        Operand<TFloat32> norm = tf.math.sqrt(tf.math.addN(squares));
        Operand<TFloat32> scale = tf.math.minimum(tf.constant(1f), tf.math.div(tf.constant(settings.clipNorm()), norm));
        List<Op> updates = new ArrayList<>();
        // No weight may change before every gradient was computed from it.
        Ops afterGradients = tf.withControlDependencies(List.<Op>copyOf(raw));
        for (int i = 0; i < entries.size(); i++) {
            updates.add(update(afterGradients, entries.get(i), tf.math.mul(raw.get(i), scale)));
        }
        return new Step(tokens, loss, norm, tf.withControlDependencies(updates).noOp());
    }

    private Op update(Ops after, TrainedWeights.Entry entry, Operand<TFloat32> gradient) {
        Operand<TFloat32> updated = after.train.applyAdam(
                entry.weight(),
                entry.firstMoment(),
                entry.secondMoment(),
                beta1Power,
                beta2Power,
                learningRate,
                tf.constant(BETA_1),
                tf.constant(BETA_2),
                tf.constant(EPSILON),
                gradient);
        Operand<TFloat32> change =
                tf.math.mul(tf.math.sub(entry.average(), updated), tf.math.sub(tf.constant(1f), averageDecay));
        return tf.assignSub(entry.average(), change);
    }

    private Search buildSearch() {
        Placeholder<TInt32> beamWidth = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
        Placeholder<TInt32> stepCount = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
        Placeholder<TFloat32> lengthPenalty = scalar();
        SoftAttentionDecoder decoder = new SoftAttentionDecoder(tf, weights.averaged(), size);
        SoftAttentionDecoder.Memory memory =
                decoder.remember(tf.dtypes.cast(annotations, TFloat32.class), Dropout.NONE);
        BeamSearch.Request request =
                new BeamSearch.Request(beamWidth, stepCount, lengthPenalty, tf.fill(tf.array(1, 1), tf.constant(-1)));
        return new Search(
                beamWidth,
                stepCount,
                lengthPenalty,
                new BeamSearch(graph, tf, size).search(memory, weights.averaged(), request));
    }

    private Placeholder<TFloat32> scalar() {
        return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    }
}
