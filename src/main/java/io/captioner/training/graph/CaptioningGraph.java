package io.captioner.training.graph;

import io.captioner.model.DecodeOptions;
import io.captioner.model.Signatures;
import io.captioner.model.TrainingPhotos;
import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.Mode;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * The graph that a bundle holds: encoder, decoder and beam search with frozen weights, from pixels to captions.
 *
 * <p>Both signatures run the same nodes, so that the weights are there once: {@code serving_default} chooses words,
 * {@code score} follows the words it is given. Owns native memory; close it.
 */
public final class CaptioningGraph implements AutoCloseable {
    private static final String PREDICT = "tensorflow/serving/predict";
    private static final int CHOOSE = -1;

    /** Begins the names of the encoder's constants. */
    public static final String ENCODER = "encoder";

    /** Begins the names of the decoder's constants, behind that of the loop where they are inside of it. */
    public static final String DECODER = "decoder";

    /** Begins the names of the constants of the prior of words. */
    public static final String WORD_PRIOR = "word_prior";

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Placeholder<TUint8> image;
    private final Decoder decoder;
    private final SearchInputs inputs;
    private final Operand<TInt32> given;
    private final Operand<TInt32> imageIndex;
    private final Operand<TFloat32> features;
    private final BeamSearch.Found found;
    private final Operand<TFloat32> scoredLogProbs;
    private final Operand<TFloat32> scoredAttention;
    private final Operand<TInt32> vocabularySize;

    /**
     * Builds the graph.
     *
     * @param encoderWeights the encoder's weights as constants of the graph it is given
     * @param decoderWeights likewise the decoder's
     * @param defaultMaxWords words after which a caption is cut by default
     * @param photos training photos whose captions give searches with consensus a prior of words; null for none
     */
    public CaptioningGraph(
            Encoder encoder,
            Function<Ops, WeightSource> encoderWeights,
            Decoder decoder,
            Function<Ops, WeightSource> decoderWeights,
            int defaultMaxWords,
            @Nullable TrainingPhotos photos) {
        this.decoder = decoder;
        this.image = tf.withName(Signatures.IMAGE).placeholder(TUint8.class, Placeholder.shape(encoder.imagesShape()));
        this.inputs = SearchInputs.in(tf, defaultMaxWords);
        this.given = tf.withName("tokens_to_score")
                .placeholderWithDefault(tf.fill(tf.array(1, 1), tf.constant(CHOOSE)), Shape.of(-1, -1));

        this.imageIndex = tf.withName(Signatures.IMAGE_INDEX)
                .placeholderWithDefault(
                        tf.range(
                                tf.constant(0),
                                tf.gather(tf.shape(image), tf.constant(0), tf.constant(0)),
                                tf.constant(1)),
                        Shape.of(-1));

        StepWeights.Once weights = new StepWeights.Once(decoderWeights.apply(tf.withSubScope(DECODER)));
        Operand<TFloat32> annotations = encoder.annotate(tf, encoderWeights.apply(tf.withSubScope(ENCODER)), image);
        this.features = tf.math.mean(annotations, tf.constant(1)); // [N, D]
        Decoder.DecoderContext context = decoder.initialState(
                        new DecoderLayers(tf, weights, true), annotations, Mode.INFERENCE)
                .rows(tf, imageIndex);
        this.found = new BeamSearch(graph, tf, decoder)
                .search(
                        context,
                        StepWeights.frozen(decoder, weights, body -> decoderWeights.apply(body.withSubScope(DECODER))),
                        new BeamSearch.Request(inputs, steps(), given, true, photos == null ? null : prior(photos)));
        this.scoredLogProbs = Tensors.squeeze(tf, found.logProbs(), 1);
        this.vocabularySize = tf.constant(decoder.size().vocabulary());
        this.scoredAttention = Tensors.squeeze(tf, found.attention(), 1);
    }

    /** Returns whether captions have attention. */
    public boolean attends() {
        return decoder.attends();
    }

    /** Returns the graph with its constants. */
    public GraphDef definition() {
        return graph.toGraphDef();
    }

    /** Returns the two signatures, as {@link Signatures} names their parts. */
    public Map<String, SignatureDef> signatures() {
        SignatureDef.Builder serving = SignatureDef.newBuilder()
                .setMethodName(PREDICT)
                .putInputs(Signatures.IMAGE, info(image))
                .putInputs(Signatures.BEAM_WIDTH, info(inputs.beamWidth()))
                .putInputs(Signatures.ALTERNATIVES, info(inputs.alternatives()))
                .putInputs(Signatures.CONSENSUS, info(inputs.consensus()))
                .putInputs(Signatures.MAX_LENGTH, info(inputs.maxLength()))
                .putInputs(Signatures.LENGTH_PENALTY, info(inputs.lengthPenalty()))
                .putInputs(Signatures.NO_REPEAT_NGRAM, info(inputs.noRepeatNgram()))
                .putInputs(Signatures.TEMPERATURE, info(inputs.temperature()))
                .putInputs(Signatures.TOP_K, info(inputs.topK()))
                .putInputs(Signatures.TOP_P, info(inputs.topP()))
                .putInputs(Signatures.SEED, info(inputs.seed()))
                .putInputs(Signatures.AVOID, info(inputs.avoid()))
                .putInputs(Signatures.MERGE_FROM, info(inputs.mergeFrom()))
                .putInputs(Signatures.MERGE_TO, info(inputs.mergeTo()))
                .putInputs(Signatures.REQUIRE, info(inputs.require()))
                .putOutputs(Signatures.TOKENS, info(found.tokens()))
                .putOutputs(Signatures.LOG_PROBABILITIES, info(found.logProbs()))
                .putOutputs(Signatures.SCORES, info(found.scores()))
                .putOutputs(Signatures.FEATURES, info(features));
        SignatureDef.Builder score = SignatureDef.newBuilder()
                .setMethodName(PREDICT)
                .putInputs(Signatures.IMAGE, info(image))
                .putInputs(Signatures.TOKENS, info(given))
                .putInputs(Signatures.IMAGE_INDEX, info(imageIndex))
                .putOutputs(Signatures.LOG_PROBABILITIES, info(scoredLogProbs))
                .putOutputs(Signatures.VOCABULARY_SIZE, info(vocabularySize));
        if (decoder.attends()) {
            serving.putOutputs(Signatures.ATTENTION, info(found.attention()));
            score.putOutputs(Signatures.ATTENTION, info(scoredAttention));
        }
        Map<String, SignatureDef> signatures = new LinkedHashMap<>();
        signatures.put(Signatures.CAPTION, serving.build());
        signatures.put(Signatures.SCORE, score.build());
        return signatures;
    }

    /**
     * Captions images in a new session.
     *
     * @param images uint8 [N, H, W, 3]
     * @return the best hypothesis of each
     */
    public List<DecodedCaption> decode(TUint8 images, DecodeOptions options) {
        try (Session session = new Session(graph)) {
            Session.Runner runner = session.runner()
                    .feed(image, images)
                    .fetch(found.tokens())
                    .fetch(found.logProbs())
                    .fetch(found.attention());
            try (Feed feed = inputs.feed(runner, options);
                    Result result = runner.run()) {
                return DecodedCaption.best(result);
            }
        }
    }

    @Override
    public void close() {
        graph.close();
    }

    /** Returns the prior of words of each row of captions, [R, V]; zeros where none is wanted. */
    private Operand<TFloat32> prior(TrainingPhotos photos) {
        int vocabulary = decoder.size().vocabulary();
        Branch wanted = new Branch(tf, inputs.byConsensus(tf));
        Operand<TInt32> images = tf.gather(tf.shape(wanted.no(features)), tf.constant(0), tf.constant(0));
        Operand<TFloat32> ofImages = wanted.merge(
                new WordPrior(photos, vocabulary).logits(tf.withSubScope(WORD_PRIOR), wanted.yes(features)),
                tf.fill(tf.stack(List.of(images, tf.constant(vocabulary))), tf.constant(0f)));
        return tf.gather(ofImages, imageIndex, tf.constant(0));
    }

    /** S: the columns of the tokens to score, or else the words allowed and the end. */
    private Operand<TInt32> steps() {
        Operand<TInt32> columns = tf.gather(tf.shape(given), tf.constant(1), tf.constant(0));
        Operand<TInt32> first = tf.gather(tf.reshape(given, tf.array(-1)), tf.constant(0), tf.constant(0));
        Operand<TBool> scoring = tf.math.greaterEqual(first, tf.constant(Vocabulary.PAD));
        return tf.select(scoring, columns, tf.math.add(inputs.maxLength(), tf.constant(1)));
    }

    private static TensorInfo info(Operand<?> operand) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        Shape known = operand.asOutput().shape();
        if (known.isUnknown()) {
            shape.setUnknownRank(true);
        } else {
            for (long dimension : known.asArray()) {
                shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dimension));
            }
        }
        return TensorInfo.newBuilder()
                .setName(operand.op().name() + ":" + operand.asOutput().index())
                .setDtype(operand.asOutput().dataType())
                .setTensorShape(shape)
                .build();
    }
}
