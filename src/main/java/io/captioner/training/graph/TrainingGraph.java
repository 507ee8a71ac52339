package io.captioner.training.graph;

import io.captioner.model.DecodeOptions;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.decoder.Mode;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightFormat;
import io.captioner.training.weights.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * A decoder in training: its variables in one session, a teacher-forced step for each caption length, and search with
 * the averaged weights. The input of a step is the features of photos; or, where the encoder is trained too, the
 * photos. Owns native memory; one thread at a time.
 */
public final class TrainingGraph implements AutoCloseable {
    private final Decoder decoder;
    private final DecoderSize size;
    private final TrainingSettings settings;
    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final TrainedWeights weights;
    private final Session session;
    private final @Nullable DecodingSession decoding; // null where the training session decodes as the bundle does

    private final Placeholder<TFloat16> featureInput;
    private final @Nullable TunedEncoder encoder;
    private final Placeholder<? extends TType> photoInput;
    private final Operand<TFloat32> annotations;
    private final Dropout.Inputs dropout = Dropout.Inputs.in(tf);
    private final CaptionLoss captionLoss;
    private final AdamOptimiser optimiser;
    private final @Nullable ScheduledSampling sampling; // null where all previous words are given
    private final TreeMap<Integer, UnrolledStep> steps = new TreeMap<>();
    private final Search search;
    private @Nullable Search explorer; // built at its first use: most runs have none

    private record Search(SearchInputs inputs, BeamSearch.Found found) {}

    /**
     * The settings of one step.
     *
     * @param number of this step, from 1; decides the dropout masks
     * @param learningRate of the decoder
     * @param encoderLearningRate of the encoder, where it is trained
     * @param samplingProbability probability with which a previous word is the decoder's own, 0 to 1; above 0 only with
     *     scheduled sampling
     */
    public record StepPlan(int number, float learningRate, float encoderLearningRate, float samplingProbability) {}

    /**
     * The measurements of a step.
     *
     * @param loss mean negative log-likelihood of a real word, in nats, with label smoothing
     * @param gradientNorm global norm before clipping
     */
    public record StepResult(double loss, double gradientNorm) {
        /** Returns whether both are finite; if not, the weights are lost. */
        public boolean isFinite() {
            return Double.isFinite(loss) && Double.isFinite(gradientNorm);
        }
    }

    /**
     * Builds the graph and starts its session.
     *
     * @param lengths the token counts, the end included, for which a step is unrolled; a batch takes the least that
     *     fits
     * @param seed decides the weights that are fresh
     * @param tuning the encoder, where it is trained too; null where it is frozen
     * @param decoderWeights initial weights of the decoder by name; the others are fresh
     */
    public TrainingGraph(
            Decoder decoder,
            TrainingSettings settings,
            List<Integer> lengths,
            long seed,
            @Nullable EncoderTuning tuning,
            Map<String, float[]> decoderWeights) {
        this.decoder = decoder;
        this.size = decoder.size();
        this.settings = settings;
        this.featureInput =
                tf.placeholder(TFloat16.class, Placeholder.shape(Shape.of(-1, size.cells(), size.channels())));
        this.weights = new TrainedWeights(
                tf, "decoder/", decoder.weightShapes(), TrainedWeights.Initial.of(decoderWeights, seed));
        if (tuning == null) {
            this.encoder = null;
            this.photoInput = featureInput;
            this.annotations = tf.dtypes.cast(featureInput, TFloat32.class);
        } else {
            this.encoder = new TunedEncoder(tf, tuning);
            this.photoInput = encoder.images();
            this.annotations = encoder.annotations();
        }
        this.captionLoss = new CaptionLoss(tf, size, settings);
        this.optimiser = new AdamOptimiser(tf, settings, weights, encoder == null ? null : encoder.weights());
        this.sampling = settings.scheduledSampling() ? new ScheduledSampling(tf, dropout.seed()) : null;
        UnrolledStep.Builder builder = new UnrolledStep.Builder(
                tf, decoder, settings, weights, annotations, dropout, captionLoss, optimiser, sampling);
        for (int length : lengths) {
            steps.put(length, builder.build(length));
        }
        this.search = buildSearch(weights.averaged(), tf.dtypes.cast(featureInput, TFloat32.class));
        this.decoding = settings.precision() == Precision.FLOAT32 ? null : new DecodingSession(graph, tf, used());
        this.session = new Session(graph, true, settings.precision().session());
    }

    /** Returns how many numbers are trained. */
    public long parameterCount() {
        return decoder.parameterCount()
                + (encoder == null ? 0 : encoder.weights().parameterCount());
    }

    /**
     * Takes one step of Adam on the masked cross-entropy of reference captions.
     *
     * @param photos P photos: their annotation vectors, float16 [P, L, D]; or, where the encoder is trained, pixels,
     *     uint8 [P, height, width, 3]
     * @param rows for each caption, the place of its photo, 0 to P - 1, [N]
     * @param captions N captions as word ids, without start and end
     * @param weights what the cross-entropy of each is multiplied by, [N]
     * @param plan of this step
     * @throws IllegalArgumentException if a caption is longer than the longest length given
     */
    public StepResult step(TType photos, List<Integer> rows, List<int[]> captions, List<Float> weights, StepPlan plan) {
        return step(photos, rows, captions, weights, settings.labelSmoothing(), 1, plan);
    }

    /**
     * Takes one step of Adam that makes those of the decoder's own captions likelier that are better than expected, and
     * the others less likely: the policy gradient of REINFORCE (Williams 1992), as in Rennie et al. (2017), equation 5.
     * Nothing is dropped, as nothing was when the captions were sampled: the gradient must be that of the distribution
     * they come from.
     *
     * @param photos as of {@link #step}
     * @param rows as of {@link #step}
     * @param captions N captions that {@link #explore} sampled, all finished
     * @param advantages reward of each less its baseline, [N]
     * @return its loss is the mean over words of advantage times negative log-likelihood
     */
    public StepResult reinforce(
            TType photos, List<Integer> rows, List<int[]> captions, List<Float> advantages, StepPlan plan) {
        return step(photos, rows, captions, advantages, 0, 0, plan);
    }

    private StepResult step(
            TType photos,
            List<Integer> rows,
            List<int[]> captions,
            List<Float> weights,
            float smoothed,
            float dropped,
            StepPlan plan) {
        int longest =
                captions.stream().mapToInt(caption -> caption.length + 1).max().orElseThrow();
        Map.Entry<Integer, UnrolledStep> entry = steps.ceilingEntry(longest);
        if (entry == null) {
            throw new IllegalArgumentException("bug: no step is unrolled for captions of %d tokens".formatted(longest));
        }
        if (plan.samplingProbability() > 0 && sampling == null) {
            throw new IllegalArgumentException("bug: this graph was built without scheduled sampling");
        }
        UnrolledStep step = entry.getValue();
        weightsChanged();
        Session.Runner runner =
                session.runner().feed(photoInput, photos).fetch(step.loss()).fetch(step.gradientNorm());
        try (Feed feed = new Feed(runner)) {
            feed.put(
                    step.rows(),
                    TInt32.vectorOf(rows.stream().mapToInt(Integer::intValue).toArray()));
            feed.put(step.tokens(), Tensors.captions(captions, entry.getKey()));
            dropout.feed(feed, plan.number(), dropped);
            optimiser.feed(feed, plan);
            captionLoss.feed(feed, smoothed, weights);
            if (sampling != null) {
                sampling.feed(feed, plan.samplingProbability());
            }
            try (Result result = runner.addTarget(step.update()).run()) {
                return new StepResult(Tensors.scalar(result.get(0)), Tensors.scalar(result.get(1)));
            }
        }
    }

    /**
     * Computes annotation vectors with the averaged weights of the encoder, where it is trained.
     *
     * @param images uint8 [N, height, width, 3]
     * @return float16 [N, L, D], the caller's to close
     */
    public TFloat16 encode(TUint8 images) {
        if (encoder == null) {
            throw new IllegalStateException("bug: the encoder is frozen, and not in this graph");
        }
        Result result = decodingSession()
                .runner()
                .feed(encoder.images(), images)
                .fetch(encoder.features())
                .run();
        return (TFloat16) result.get(0);
    }

    /**
     * Captions photos with the averaged weights.
     *
     * @param features annotation vectors, float16 [N, L, D]
     * @return for each of N, its best hypothesis
     */
    public List<DecodedCaption> decode(TFloat16 features, DecodeOptions options) {
        return run(decodingSession(), search, featureInput, features, options).stream()
                .map(hypotheses -> hypotheses.get(0))
                .toList();
    }

    /**
     * Captions photos with the weights as they are trained, not averaged.
     *
     * @param photos as of {@link #step}
     * @return for each of N, all its hypotheses
     */
    public List<List<DecodedCaption>> explore(TType photos, DecodeOptions options) {
        if (explorer == null) {
            explorer = buildSearch(weights.live(), annotations);
        }
        return run(session, explorer, photoInput, photos, options);
    }

    private List<List<DecodedCaption>> run(
            Session in, Search with, Placeholder<? extends TType> input, TType photos, DecodeOptions options) {
        Session.Runner runner = in.runner()
                .feed(input, photos)
                .fetch(with.found().tokens())
                .fetch(with.found().logProbs())
                .fetch(with.found().attention());
        try (Feed feed = with.inputs().feed(runner, options);
                Result result = runner.run()) {
            return DecodedCaption.all(result);
        }
    }

    /** Returns the averaged weights of the decoder as they are now, by name. */
    public Map<String, float[]> decoderWeights() {
        return weights.used(session);
    }

    /** Returns the averaged weights of the encoder that are trained, as they are now, by name. */
    public Map<String, float[]> encoderWeights() {
        return encoder == null ? Map.of() : encoder.weights().used(session);
    }

    /** Writes all variables, the optimiser's too, as a TensorFlow checkpoint with this path prefix. */
    public void save(String prefix) {
        session.save(prefix);
    }

    /** Reads what {@link #save} wrote. */
    public void restore(String prefix) {
        session.restore(prefix);
        weightsChanged();
    }

    /**
     * Rounds the averaged weights to what a bundle's file holds, so that the graph decodes what the bundle will. For
     * use after training: later steps would average from the rounded values.
     */
    public void round(WeightFormat format) {
        if (format == WeightFormat.FLOAT32) {
            return;
        }
        Session.Runner runner = session.runner();
        for (Variable<TFloat32> variable : used()) {
            if (format.halves(variable.shape())) {
                runner.addTarget(
                        tf.assign(variable, tf.dtypes.cast(tf.dtypes.cast(variable, TFloat16.class), TFloat32.class)));
            }
        }
        runner.run().close();
        weightsChanged();
    }

    private void weightsChanged() {
        if (decoding != null) {
            decoding.weightsChanged();
        }
    }

    private Session decodingSession() {
        return decoding == null ? session : decoding.withWeightsOf(session);
    }

    private List<Variable<TFloat32>> used() {
        List<Variable<TFloat32>> used = new ArrayList<>();
        weights.entries().forEach((name, entry) -> used.add(entry.used(name)));
        if (encoder != null) {
            encoder.weights().entries().forEach((name, entry) -> used.add(entry.used(name)));
        }
        return used;
    }

    @Override
    public void close() {
        if (decoding != null) {
            decoding.close();
        }
        session.close();
        graph.close();
    }

    private Search buildSearch(WeightSource source, Operand<TFloat32> vectors) {
        SearchInputs inputs = SearchInputs.in(tf, 1);
        Decoder.DecoderContext context =
                decoder.initialState(new DecoderLayers(tf, source, false), vectors, Mode.INFERENCE);
        BeamSearch.Request request = new BeamSearch.Request(
                inputs,
                tf.math.add(inputs.maxLength(), tf.constant(1)),
                tf.fill(tf.array(1, 1), tf.constant(-1)),
                false);
        return new Search(
                inputs,
                new BeamSearch(graph, tf, decoder).search(context, StepWeights.variables(decoder, source), request));
    }
}
