package io.captioner.model;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import io.captioner.training.export.SavedModelWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/**
 * A small real bundle whose model says a photo's main colour twice: hypothesis k is the k-th likeliest colour word, two
 * times, then the end. {@link #logProbabilities} is the same model in plain Java.
 */
public final class ColourBundle {
    public static final int WIDTH = 8;
    public static final int HEIGHT = 6;
    public static final int CELLS = 4;
    static final long SEED = 11;
    public static final DecodeOptions OPTIONS = new DecodeOptions(3, 5, 0.7f);
    public static final List<String> WORDS = List.of("red", "green", "blue", "dark", "bright", "grey");
    static final Vocabulary VOCABULARY = Vocabulary.ofWords(WORDS);

    private static final float[][] WEIGHTS = {
        {0, 0, 0, 0, 9, -1, -2, -3, 4, 1}, {0, 0, 0, 0, -2, 8, -1, -3.5f, 3, 1}, {0, 0, 0, 0, -1, -2, 10, -4, 3.5f, 1}
    };
    private static final float[] BIAS = {-30, -30, -1, -30, 0, 0.3f, 0.1f, 2, -2, 1};

    private final Map<String, SignatureDef> signatures = new HashMap<>();
    private Vocabulary vocabulary = VOCABULARY;
    private float biasOfRed = BIAS[4];
    private boolean goldenOfAnotherModel;
    private boolean imageIndex = true;

    /** The likeliest word is no number. */
    public ColourBundle withoutNumbers() {
        biasOfRed = Float.NaN;
        return this;
    }

    public ColourBundle vocabulary(Vocabulary other) {
        vocabulary = other;
        return this;
    }

    public ColourBundle goldenOfAnotherModel() {
        goldenOfAnotherModel = true;
        return this;
    }

    /** Each caption to score has an image of its own, as in bundles of before the input {@code image_index}. */
    public ColourBundle withoutImageIndex() {
        imageIndex = false;
        return this;
    }

    /** Writes {@code root/name/version/} and returns it. */
    public Path write(Path root, String name, String version, String... withoutSignatures) throws IOException {
        Path bundle = Files.createDirectories(root.resolve(name).resolve(version));
        GraphDef graph = build();
        signatures.keySet().removeAll(Arrays.asList(withoutSignatures));
        SavedModelWriter.write(bundle.resolve(Bundle.GRAPH), graph, signatures);
        vocabulary.write(bundle.resolve(Bundle.VOCABULARY));
        Golden.write(bundle, golden());
        seal(bundle, name, version);
        return bundle;
    }

    /** Writes a manifest that fits the files as they are. */
    public static void seal(Path bundle, String name, String version) throws IOException {
        Manifest manifest = new Manifest(
                Manifest.SCHEMA_VERSION,
                name,
                version,
                "Says the main colour.",
                "mean",
                "table",
                new Manifest.Input(WIDTH, HEIGHT, "stretch", "x / 255", null, null),
                new Manifest.Grid(2, 2),
                new Manifest.SpecialIds(Vocabulary.PAD, Vocabulary.START, Vocabulary.END, Vocabulary.UNKNOWN),
                6,
                OPTIONS,
                new Manifest.TrainingData("drawn", "none", List.of("train"), 0, 0),
                Map.of("seed", "1"),
                Map.of("BLEU-4", 0.25),
                null,
                null,
                Bundle.hashes(bundle));
        ManifestFile.write(bundle, manifest);
    }

    /** Log-probability of every token for an image: the model's formula in double precision. */
    public static double[] logProbabilities(Pixels image) {
        double[] mean = new double[3];
        for (int i = 0; i < image.rgb().length; i++) {
            mean[i % 3] += (image.rgb()[i] & 0xff) / 255.0 / (WIDTH * HEIGHT);
        }
        double[] logits = new double[BIAS.length];
        for (int v = 0; v < logits.length; v++) {
            logits[v] = BIAS[v] + mean[0] * WEIGHTS[0][v] + mean[1] * WEIGHTS[1][v] + mean[2] * WEIGHTS[2][v];
        }
        double norm = Math.log(Arrays.stream(logits).map(Math::exp).sum());
        return Arrays.stream(logits).map(logit -> logit - norm).toArray();
    }

    /** The k-th likeliest token, 0 being the likeliest. */
    public static int ranked(double[] logProbabilities, int k) {
        return IntStream.range(0, logProbabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(v -> -logProbabilities[v]))
                .skip(k)
                .findFirst()
                .orElseThrow();
    }

    private Golden golden() {
        Manifest.Input input = new Manifest.Input(WIDTH, HEIGHT, "stretch", "", null, null);
        List<List<Hypothesis>> answers = GoldenImages.draw(SEED, 3, input.preparation()).stream()
                .map(image -> {
                    double[] lp = logProbabilities(image);
                    int word = ranked(lp, goldenOfAnotherModel ? 1 : 0);
                    float p = (float) lp[word];
                    return List.of(new Hypothesis(
                            new int[] {word, word}, new float[] {p, p}, 2 * p, 2 * p, new float[0][], true));
                })
                .toList();
        return Golden.of(SEED, OPTIONS, answers);
    }

    private GraphDef build() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Placeholder<TUint8> image = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, HEIGHT, WIDTH, 3)));
            Operand<TFloat32> mean =
                    tf.math.div(tf.math.mean(tf.dtypes.cast(image, TFloat32.class), tf.array(1, 2)), tf.constant(255f));
            float[] bias = BIAS.clone();
            bias[4] = biasOfRed;
            Operand<TFloat32> logits = tf.math.add(
                    tf.linalg.matMul(mean, tf.constant(StdArrays.ndCopyOf(WEIGHTS))), tf.constant(bias)); // [N, V]
            Operand<TFloat32> lp = tf.nn.logSoftmax(logits);
            addCaption(tf, image, lp);
            addScore(tf, image, lp);
            return graph.toGraphDef();
        }
    }

    private void addCaption(Ops tf, Operand<TUint8> image, Operand<TFloat32> lp) {
        Operand<TInt32> beamWidth = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
        Operand<TInt32> maxLength = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
        Operand<TFloat32> penalty = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        TopK<TFloat32, TInt32> top = tf.nn.topK(lp, beamWidth, TInt32.class); // [N, K]
        Operand<TInt32> last = tf.constant(-1);
        Operand<TInt32> places =
                tf.range(tf.constant(0), tf.math.add(maxLength, tf.constant(1)), tf.constant(1)); // [T]
        Operand<TInt32> zeros = tf.math.mul(tf.expandDims(top.indices(), last), tf.zerosLike(places)); // [N, K, T]
        Operand<TInt32> words = tf.math.minimum(maxLength, tf.constant(2));
        var isWord = tf.math.less(tf.math.add(zeros, places), words);
        var isEnd = tf.math.equal(tf.math.add(zeros, places), tf.constant(2));
        Operand<TInt32> tokens = tf.select(
                isWord,
                tf.math.add(zeros, tf.expandDims(top.indices(), last)),
                tf.select(isEnd, tf.math.add(zeros, tf.constant(Vocabulary.END)), zeros));
        Operand<TFloat32> none = tf.dtypes.cast(zeros, TFloat32.class);
        Operand<TFloat32> ofEnd =
                tf.expandDims(tf.gather(lp, tf.array(Vocabulary.END), tf.constant(1)), last); // [N, 1, 1]
        Operand<TFloat32> logProbabilities = tf.select(
                isWord,
                tf.math.add(none, tf.expandDims(top.values(), last)),
                tf.select(isEnd, tf.math.add(none, ofEnd), none));
        Operand<TFloat32> scores = tf.math.div(
                tf.sum(logProbabilities, last),
                tf.math.pow(tf.math.add(tf.dtypes.cast(words, TFloat32.class), tf.constant(1f)), penalty));
        add(
                Signatures.CAPTION,
                Map.of(
                        Signatures.IMAGE, image.asOutput(),
                        Signatures.BEAM_WIDTH, beamWidth.asOutput(),
                        Signatures.MAX_LENGTH, maxLength.asOutput(),
                        Signatures.LENGTH_PENALTY, penalty.asOutput(),
                        Signatures.NO_REPEAT_NGRAM, unused(tf, TInt32.class),
                        Signatures.TEMPERATURE, unused(tf, TFloat32.class),
                        Signatures.TOP_K, unused(tf, TInt32.class),
                        Signatures.TOP_P, unused(tf, TFloat32.class),
                        Signatures.SEED, unused(tf, TInt32.class)),
                Map.of(
                        Signatures.TOKENS, tokens.asOutput(),
                        Signatures.LOG_PROBABILITIES, logProbabilities.asOutput(),
                        Signatures.SCORES, scores.asOutput(),
                        Signatures.ATTENTION, attention(tf, none).asOutput()));
    }

    private void addScore(Ops tf, Operand<TUint8> image, Operand<TFloat32> lp) {
        Operand<TInt32> tokens = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
        Operand<TFloat32> none = tf.dtypes.cast(tf.zerosLike(tokens), TFloat32.class);
        Operand<TInt32> index = tf.placeholderWithDefault(
                tf.range(tf.constant(0), tf.gather(tf.shape(image), tf.constant(0), tf.constant(0)), tf.constant(1)),
                Shape.of(-1));
        Map<String, Output<?>> inputs =
                new HashMap<>(Map.of(Signatures.IMAGE, image.asOutput(), Signatures.TOKENS, tokens.asOutput()));
        if (imageIndex) {
            inputs.put(Signatures.IMAGE_INDEX, index.asOutput());
        }
        add(
                Signatures.SCORE,
                inputs,
                Map.of(
                        Signatures.LOG_PROBABILITIES,
                        tf.gather(tf.gather(lp, index, tf.constant(0)), tokens, tf.constant(1), Gather.batchDims(1L))
                                .asOutput(),
                        Signatures.ATTENTION,
                        attention(tf, none).asOutput(),
                        Signatures.VOCABULARY_SIZE,
                        tf.constant(BIAS.length).asOutput()));
    }

    private static Output<?> unused(Ops tf, Class<? extends TNumber> type) {
        return tf.placeholder(type, Placeholder.shape(Shape.scalar())).asOutput();
    }

    private static Operand<TFloat32> attention(Ops tf, Operand<TFloat32> zeros) {
        return tf.math.add(tf.expandDims(zeros, tf.constant(-1)), tf.constant(new float[] {0.1f, 0.2f, 0.3f, 0.4f}));
    }

    private void add(String key, Map<String, Output<?>> inputs, Map<String, Output<?>> outputs) {
        SignatureDef.Builder signature = SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict");
        inputs.forEach((name, tensor) -> signature.putInputs(name, info(tensor)));
        outputs.forEach((name, tensor) -> signature.putOutputs(name, info(tensor)));
        signatures.put(key, signature.build());
    }

    private static TensorInfo info(Output<?> tensor) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long size : tensor.shape().asArray()) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return TensorInfo.newBuilder()
                .setName(tensor.op().name() + ":" + tensor.index())
                .setDtype(DataType.forNumber(tensor.dataType().getNumber()))
                .setTensorShape(shape)
                .build();
    }
}
