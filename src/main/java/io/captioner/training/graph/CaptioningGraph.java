package io.captioner.training.graph;

import io.captioner.model.Signatures;
import io.captioner.text.Vocabulary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
import org.tensorflow.types.family.TType;

/**
 * The graph that a bundle holds: encoder, decoder and beam search with frozen weights, from pixels to captions.
 *
 * <p>Both signatures run the same nodes, so that the weights are there once: {@code serving_default} chooses words,
 * {@code score} follows the words it is given. Owns native memory; close it.
 */
public final class CaptioningGraph implements AutoCloseable {
    private static final String PREDICT = "tensorflow/serving/predict";
    private static final int CHOOSE = -1;

    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Placeholder<TUint8> image;
    private final Operand<TInt32> beamWidth;
    private final Operand<TInt32> maxLength;
    private final Operand<TFloat32> lengthPenalty;
    private final Operand<TInt32> given;
    private final BeamSearch.Found found;
    private final Operand<TFloat32> scoredLogProbs;
    private final Operand<TFloat32> scoredAttention;
    private final Operand<TInt32> vocabularySize;

    /**
     * Builds the graph.
     *
     * @param encoderWeights the encoder's weights as constants of the graph it is given
     * @param decoderWeights likewise the decoder's
     * @param defaultMaxWords words after which a caption is cut when nobody says otherwise
     */
    public CaptioningGraph(
            Encoder encoder,
            Function<Ops, WeightSource> encoderWeights,
            DecoderSize size,
            Function<Ops, WeightSource> decoderWeights,
            int defaultMaxWords) {
        this.image = tf.withName(Signatures.IMAGE)
                .placeholder(
                        TUint8.class,
                        Placeholder.shape(Shape.of(
                                -1,
                                encoder.inputSize().height(),
                                encoder.inputSize().width(),
                                3)));
        this.beamWidth = optional(Signatures.BEAM_WIDTH, tf.constant(1), Shape.scalar());
        this.maxLength = optional(Signatures.MAX_LENGTH, tf.constant(defaultMaxWords), Shape.scalar());
        this.lengthPenalty = optional(Signatures.LENGTH_PENALTY, tf.constant(0f), Shape.scalar());
        this.given = optional("tokens_to_score", tf.fill(tf.array(1, 1), tf.constant(CHOOSE)), Shape.of(-1, -1));

        WeightSource weights = decoderWeights.apply(tf);
        Operand<TFloat32> annotations = encoder.annotate(tf, encoderWeights.apply(tf), image);
        SoftAttentionDecoder.Memory memory =
                new SoftAttentionDecoder(tf, weights, size).remember(annotations, Dropout.NONE);
        this.found = new BeamSearch(graph, tf, size)
                .search(memory, weights, new BeamSearch.Request(beamWidth, steps(), lengthPenalty, given));
        this.scoredLogProbs = SoftAttentionDecoder.squeeze(tf, found.logProbs(), 1);
        this.vocabularySize = tf.constant(size.vocabulary());
        this.scoredAttention = SoftAttentionDecoder.squeeze(tf, found.attention(), 1);
    }

    /** Returns the graph with its constants. */
    public GraphDef definition() {
        return graph.toGraphDef();
    }

    /** Returns the two signatures, as {@link Signatures} names their parts. */
    public Map<String, SignatureDef> signatures() {
        SignatureDef serving = SignatureDef.newBuilder()
                .setMethodName(PREDICT)
                .putInputs(Signatures.IMAGE, info(image))
                .putInputs(Signatures.BEAM_WIDTH, info(beamWidth))
                .putInputs(Signatures.MAX_LENGTH, info(maxLength))
                .putInputs(Signatures.LENGTH_PENALTY, info(lengthPenalty))
                .putOutputs(Signatures.TOKENS, info(found.tokens()))
                .putOutputs(Signatures.LOG_PROBABILITIES, info(found.logProbs()))
                .putOutputs(Signatures.SCORES, info(found.scores()))
                .putOutputs(Signatures.ATTENTION, info(found.attention()))
                .build();
        SignatureDef score = SignatureDef.newBuilder()
                .setMethodName(PREDICT)
                .putInputs(Signatures.IMAGE, info(image))
                .putInputs(Signatures.TOKENS, info(given))
                .putOutputs(Signatures.LOG_PROBABILITIES, info(scoredLogProbs))
                .putOutputs(Signatures.ATTENTION, info(scoredAttention))
                .putOutputs(Signatures.VOCABULARY_SIZE, info(vocabularySize))
                .build();
        Map<String, SignatureDef> signatures = new LinkedHashMap<>();
        signatures.put(Signatures.CAPTION, serving);
        signatures.put(Signatures.SCORE, score);
        return signatures;
    }

    /**
     * Captions images in a session of its own.
     *
     * @param images uint8 [N, H, W, 3]
     * @return the best hypothesis of each
     */
    public List<DecodedCaption> decode(TUint8 images, int beams, int maxWords, float penalty) {
        try (Session session = new Session(graph);
                TInt32 k = TInt32.scalarOf(beams);
                TInt32 words = TInt32.scalarOf(maxWords);
                TFloat32 p = TFloat32.scalarOf(penalty);
                Result result = session.runner()
                        .feed(image, images)
                        .feed(beamWidth, k)
                        .feed(maxLength, words)
                        .feed(lengthPenalty, p)
                        .fetch(found.tokens())
                        .fetch(found.logProbs())
                        .fetch(found.attention())
                        .run()) {
            return DecodedCaption.best(result);
        }
    }

    @Override
    public void close() {
        graph.close();
    }

    /** S: the columns of the tokens to score, or else the words allowed and the end. */
    private Operand<TInt32> steps() {
        Operand<TInt32> columns = tf.gather(tf.shape(given), tf.constant(1), tf.constant(0));
        Operand<TInt32> first = tf.gather(tf.reshape(given, tf.array(-1)), tf.constant(0), tf.constant(0));
        Operand<TBool> scoring = tf.math.greaterEqual(first, tf.constant(Vocabulary.PAD));
        return tf.select(scoring, columns, tf.math.add(maxLength, tf.constant(1)));
    }

    private <T extends TType> Operand<T> optional(String name, Operand<T> otherwise, Shape shape) {
        return tf.withName(name).placeholderWithDefault(otherwise, shape);
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
