package io.captioner.training.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.captioner.Jobs;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.JobExitCodes;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.WeightFormat;
import io.captioner.training.weights.pytorch.TorchFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/** Checkpoints with a few bytes changed: {@code -Dcaptioner.mutants=10000} for more of them. */
class MutatedCheckpointTests {
    private static final int MUTANTS = Integer.getInteger("captioner.mutants", 300);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private Path words;

    @BeforeEach
    void writeWords() throws IOException {
        words = folder.resolve("words.json");
        Files.writeString(words, "{\"<pad>\": 0, \"a\": 1, \"<unk>\": 2, \"<start>\": 3, \"<end>\": 4}");
    }

    @Test
    void pyTorchFilesEndWithCode2() throws IOException {
        Path zip = folder.resolve("own.zip");
        Path legacy = folder.resolve("own.legacy");
        TorchFiles.writeZip(zip, tensors());
        TorchFiles.writeLegacy(legacy, tensors());
        List<byte[]> seeds = List.of(
                resource("module-0.4.pth"),
                resource("python2.pkl"),
                resource("state-dict.legacy.pth"),
                resource("state-dict.zip.pth"),
                Files.readAllBytes(zip),
                Files.readAllBytes(legacy));
        Random random = new Random(1);
        Path file = folder.resolve("mutant.pth");
        for (int i = 0; i < MUTANTS; i++) {
            Files.write(file, mutant(seeds.get(i % seeds.size()), random));
            int number = i;
            Assertions.assertTimeout(LIMIT, () -> requireCode2(number, file));
        }
    }

    @Test
    void tensorFlowCheckpointsEndWithCode2() throws IOException {
        Path whole = folder.resolve("whole");
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            for (String name : List.of("seq_embedding_map", "lstm_kernel", "logits")) {
                Variable<TFloat32> variable = tf.withName(name).variable(Shape.of(5, 7), TFloat32.class);
                tf.withInitScope()
                        .assign(
                                variable,
                                tf.withInitScope()
                                        .fill(
                                                tf.withInitScope().constant(new int[] {5, 7}),
                                                tf.withInitScope().constant(2f)));
            }
            try (Session session = new Session(graph, true)) {
                session.save(whole.toString());
            }
        }
        byte[] index = Files.readAllBytes(Path.of(whole + ".index"));
        byte[] data = Files.readAllBytes(Path.of(whole + ".data-00000-of-00001"));
        Random random = new Random(2);
        Path prefix = folder.resolve("mutant");
        for (int i = 0; i < MUTANTS; i++) {
            boolean changesIndex = i % 4 != 0;
            Files.write(Path.of(prefix + ".index"), changesIndex ? mutant(index, random) : index);
            Files.write(Path.of(prefix + ".data-00000-of-00001"), changesIndex ? data : mutant(data, random));
            int number = i;
            Assertions.assertTimeout(LIMIT, () -> requireCode2(number, prefix));
        }
    }

    @Test
    void vocabulariesAreReadOrEndWithCode2() throws IOException {
        List<byte[]> seeds = List.of(
                resource("vocab.python2.pkl"),
                resource("vocab.protocol4.pkl"),
                Files.readAllBytes(words),
                "a 5\n<S> 4\n</S> 4\nb'dog' 3".getBytes(StandardCharsets.UTF_8));
        Random random = new Random(3);
        Path file = folder.resolve("vocabulary");
        int read = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Files.write(file, mutant(seeds.get(i % seeds.size()), random));
            WordList.Specials specials = i % seeds.size() == 3
                    ? new WordList.Specials(null, "<S>", "</S>", "<UNK>")
                    : new WordList.Specials("<pad>", "<start>", "<end>", "<unk>");
            try {
                WordList list = WordList.read(file, specials);
                WordOrder.of(list, list.words().size());
                read++;
            } catch (IOException | RuntimeException e) {
                boolean named = e instanceof IllegalArgumentException && e.getMessage() != null;
                assertThat(named ? 2 : new JobExitCodes().getExitCode(e))
                        .as("mutant %d: %s", i, e)
                        .isEqualTo(2);
            }
        }
        assertThat(read).isLessThan(MUTANTS);
    }

    private void requireCode2(int number, Path file) {
        ImportProperties properties = new ImportProperties(
                CheckpointFormat.AUTO,
                null,
                List.of(file),
                words,
                "mutant",
                "1",
                folder.resolve("models"),
                "none",
                WeightFormat.FLOAT32,
                null,
                null);
        try {
            new ImportJob(properties, new PhotoDecoder(ImageLimits.defaults()), Jobs.silent())
                    .run(new DefaultApplicationArguments());
            fail("mutant %d was imported", number);
        } catch (IOException | RuntimeException e) {
            assertThat(new JobExitCodes().getExitCode(e))
                    .as("mutant %d: %s", number, e)
                    .isEqualTo(2);
            assertThat(e.getMessage()).contains(folder.toString());
        }
    }

    private static byte[] mutant(byte[] seed, Random random) {
        byte[] content = seed.clone();
        int head = random.nextBoolean() ? content.length : Math.min(content.length, 400);
        switch (random.nextInt(5)) {
            case 0 -> content = Arrays.copyOf(content, random.nextInt(content.length));
            case 1 -> Arrays.fill(content, random.nextInt(head), content.length, (byte) random.nextInt(256));
            case 2 -> {
                int from = random.nextInt(head);
                int length = random.nextInt(Math.min(64, content.length - from) + 1);
                System.arraycopy(content, from, content, random.nextInt(content.length - length + 1), length);
            }
            default -> {
                for (int change = 0; change <= random.nextInt(6); change++) {
                    content[random.nextInt(head)] = (byte) random.nextInt(256);
                }
            }
        }
        return content;
    }

    private static Map<String, WeightValues> tensors() {
        Map<String, WeightValues> tensors = new LinkedHashMap<>();
        tensors.put("decoder.f_beta.weight", new WeightValues(Shape.of(2, 3), new float[6]));
        tensors.put("decoder.embedding.weight", new WeightValues(Shape.of(5, 2), new float[10]));
        return tensors;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(TorchFiles.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        }
    }
}
