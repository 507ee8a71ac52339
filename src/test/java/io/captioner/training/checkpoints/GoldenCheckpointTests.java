package io.captioner.training.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.data.Offset.offset;

import io.captioner.Jobs;
import io.captioner.files.Sha256;
import io.captioner.image.ImagePreparation;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.image.format.ImageLimits;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.DefaultApplicationArguments;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Full-size checkpoints with golden outputs of their frameworks, in the folders {@code a}, {@code b} and {@code c} of
 * that which {@code CAPTIONER_CHECKPOINTS} names, or of each folder in it; skipped where there are none.
 */
class GoldenCheckpointTests {
    private static final Logger log = LoggerFactory.getLogger(GoldenCheckpointTests.class);
    private static final double LOG_PROBABILITY = 1e-3;
    private static final double FEATURE = 2e-3;
    private static final double ALPHA = 1e-4;

    @TempDir
    Path models;

    @ParameterizedTest
    @CsvSource({
        "a, BEST_checkpoint_coco_5_cap_per_img_5_min_word_freq.pth.tar, WORDMAP_coco_5_cap_per_img_5_min_word_freq.json",
        "a, BEST_checkpoint_coco_5_cap_per_img_5_min_word_freq.zip.pth.tar, WORDMAP_coco_5_cap_per_img_5_min_word_freq.json",
        "b, encoder-5-3000.pkl, vocab.pkl",
        "b, encoder-5-3000.zip.ckpt, vocab.protocol4.pkl",
        "b, encoder-5-3000.pkl decoder-5-3000.legacy.ckpt, vocab.protocol3.pkl",
        "b, encoder-5-3000.pkl, vocab.python2.build_vocab.pkl",
        "c, max, word_counts.txt",
        "c, kranthi/model.ckpt-2000000, word_counts.txt",
    })
    void theBundleGivesWhatTheFrameworkGave(String target, String files, String vocabulary) throws IOException {
        for (Path set : sets(target)) {
            List<Path> checkpoint =
                    Arrays.stream(files.split(" ")).map(set::resolve).toList();
            Path first = checkpoint.get(0);
            // TensorFlow names a checkpoint by what its files begin with.
            if (Files.exists(first) || Files.exists(first.resolveSibling(first.getFileName() + ".index"))) {
                check(set, checkpoint, set.resolve(vocabulary));
            }
        }
    }

    private static List<Path> sets(String target) throws IOException {
        String root = System.getenv("CAPTIONER_CHECKPOINTS");
        assumeThat(root).as("CAPTIONER_CHECKPOINTS").isNotNull();
        List<Path> sets = new ArrayList<>();
        try (Stream<Path> folders = Files.walk(Path.of(root), 2)) {
            folders.filter(folder -> folder.endsWith(target) && Files.exists(folder.resolve("golden.json")))
                    .sorted()
                    .forEach(sets::add);
        }
        assumeThat(sets).isNotEmpty();
        return sets;
    }

    private void check(Path set, List<Path> checkpoint, Path vocabulary) throws IOException {
        Path bundle = Files.createTempDirectory(models, "models");
        new ImportJob(
                        new ImportProperties(
                                CheckpointFormat.AUTO,
                                null,
                                checkpoint,
                                vocabulary,
                                "imported",
                                "1",
                                bundle,
                                "MIT",
                                WeightFormat.FLOAT32,
                                null,
                                null),
                        new PhotoDecoder(ImageLimits.defaults()),
                        Jobs.silent())
                .run(new DefaultApplicationArguments());
        JsonNode golden = new JsonMapper().readTree(Files.readAllBytes(set.resolve("golden.json")));
        try (Features features = Features.of(checkpoint, vocabulary);
                CaptionModel model = DjlBundleLoader.load(bundle.resolve("imported/1"))) {
            for (JsonNode image : golden.get("images")) {
                check(set, golden, image, model, features);
            }
        }
    }

    private static void check(Path set, JsonNode golden, JsonNode image, CaptionModel model, Features features)
            throws IOException {
        String name = set + "/" + image.get("image").asString();
        ImagePreparation preparation = model.manifest().input().preparation();
        Pixels pixels = new PhotoDecoder(ImageLimits.defaults())
                .decode(Files.readAllBytes(set.resolve(image.get("image").asString())), preparation)
                .pixels();
        if (image.has("resized_sha256")) {
            assertThat(Sha256.hex(Sha256.digest().digest(pixels.rgb())))
                    .isEqualTo(image.get("resized_sha256").asString());
        }
        double feature = features.worst(pixels, image.get(image.has("annotations") ? "annotations" : "pooled"));
        assertThat(feature).as("%s: features", name).isLessThan(FEATURE);

        Map<Integer, Integer> ours = features.ours();
        Hypothesis scored = model.score(
                        List.of(pixels), List.of(List.of(ids(image.get("forced").get("tokens"), ours))))
                .get(0)
                .get(0);
        double worst = 0;
        JsonNode expected = image.get("forced").get("log_probs");
        double end = scored.logProbability();
        for (int i = 0; i < expected.size() - 1; i++) {
            worst = Math.max(worst, Math.abs(expected.get(i).asDouble() - scored.logProbabilities()[i]));
            end -= scored.logProbabilities()[i];
        }
        worst = Math.max(worst, Math.abs(expected.get(expected.size() - 1).asDouble() - end));
        assertThat(worst)
                .as(
                        "%s: log-probabilities %s, not %s; features differ by %s",
                        name, Arrays.toString(scored.logProbabilities()), expected, feature)
                .isLessThan(LOG_PROBABILITY);
        double alpha = alpha(image.get("forced"), scored);
        assertThat(alpha).as("%s: alpha", name).isLessThan(ALPHA);

        Hypothesis greedy = model.caption(List.of(pixels), new DecodeOptions(1, 50, 0))
                .get(0)
                .get(0);
        JsonNode tokens = image.get("greedy");
        assertThat(greedy.tokens()).as("%s: greedy", name).isEqualTo(ids(tokens.get("tokens"), ours));
        assertThat((double) greedy.logProbability())
                .isCloseTo(
                        tokens.get("log_probability").asDouble(),
                        offset(LOG_PROBABILITY * (greedy.tokens().length + 1)));
        log.info("{}: features {}, log-probabilities {}, alpha {}", name, feature, worst, alpha);
    }

    private static double alpha(JsonNode forced, Hypothesis scored) {
        double worst = 0;
        if (forced.has("attention")) {
            for (Map.Entry<String, JsonNode> step : forced.get("attention").properties()) {
                int at = Integer.parseInt(step.getKey());
                if (at >= scored.attention().length) {
                    continue; // the end is no word, and has no map
                }
                float[] found = scored.attention()[at];
                for (int i = 0; i < found.length; i++) {
                    worst = Math.max(
                            worst, Math.abs(found[i] - step.getValue().get(i).asDouble()));
                }
            }
        }
        return worst;
    }

    /** The words of a caption by the bundle's ids, without the end. */
    private static int[] ids(JsonNode tokens, Map<Integer, Integer> ours) {
        List<Integer> ids = new ArrayList<>();
        tokens.forEach(token -> ids.add(ours.get(token.asInt())));
        return ids.stream().filter(id -> id != 2).mapToInt(Integer::intValue).toArray();
    }

    /** The encoder of a checkpoint in a session, and the ids of its words. */
    private record Features(
            Graph graph,
            Session session,
            Placeholder<TUint8> images,
            Operand<TFloat32> annotations,
            Map<Integer, Integer> ours)
            implements AutoCloseable {
        static Features of(List<Path> paths, Path vocabulary) throws IOException {
            try (Checkpoint checkpoint = CheckpointFormat.open(paths)) {
                NameMap map = CheckpointFormat.AUTO.map(checkpoint);
                ImportedNetwork network =
                        ImportedNetwork.of(checkpoint, map, WordList.read(vocabulary, map.specials()));
                Map<Integer, Integer> ours = new HashMap<>();
                int[] theirs = network.words().theirs();
                for (int id = 0; id < theirs.length; id++) {
                    ours.put(theirs[id], id);
                }
                Graph graph = new Graph();
                Ops tf = Ops.create(graph);
                Placeholder<TUint8> images = tf.placeholder(
                        TUint8.class, Placeholder.shape(network.encoder().imagesShape()));
                Operand<TFloat32> annotations = network.encoder()
                        .annotate(
                                tf, network.encoderWeights(WeightFormat.FLOAT32).apply(tf), images);
                return new Features(graph, new Session(graph), images, annotations, ours);
            }
        }

        /** Returns the largest difference from the golden samples. */
        double worst(Pixels pixels, JsonNode summary) {
            try (TUint8 batch = Tensors.of(
                            org.tensorflow.ndarray.Shape.of(1, pixels.height(), pixels.width(), pixels.channels()),
                            pixels.rgb());
                    Result result = session.runner()
                            .feed(images, batch)
                            .fetch(annotations)
                            .run()) {
                float[] values = Tensors.floats(result.get(0));
                int channels = (int) result.get(0).shape().get(2);
                double worst = 0;
                for (JsonNode sample : summary.get("samples")) {
                    boolean grid = sample.size() == 3;
                    int at = grid
                            ? sample.get(0).asInt() * channels + sample.get(1).asInt()
                            : sample.get(0).asInt();
                    worst = Math.max(
                            worst,
                            Math.abs(values[at] - sample.get(sample.size() - 1).asDouble()));
                }
                return worst;
            }
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }
    }
}
