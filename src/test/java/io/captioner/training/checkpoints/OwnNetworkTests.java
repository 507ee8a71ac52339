package io.captioner.training.checkpoints;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.Jobs;
import io.captioner.Pictures;
import io.captioner.files.UnusableFileException;
import io.captioner.image.ImagePreparation;
import io.captioner.image.Interpolation;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.image.format.ImageLimits;
import io.captioner.model.CaptionModel;
import io.captioner.model.Manifest;
import io.captioner.model.ModelDevice;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.training.encoder.EncoderSettings;
import io.captioner.training.encoder.Encoders;
import io.captioner.training.export.TrainedBundle;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.RandomWeights;
import io.captioner.training.weights.WeightFormat;
import io.captioner.training.weights.pytorch.TorchFiles;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.tensorflow.ndarray.Shape;

/** A network of one's own: a MobileNetV2, whose weights are drawn, and an LSTM of four units. */
class OwnNetworkTests {
    private static final int HIDDEN = 4;
    private static final int EMBEDDING = 3;
    private static final int ROWS = 8;
    private static final String MAP = """
            description=Our captioner
            encoder=mobilenet_v2
            encoder.prefix=cnn.
            encoder.input-size=32
            encoder.resized-to=40
            encoder.pooled=true
            encoder.interpolation=pillow_bilinear
            decoder=show_and_tell_linear
            words.start=<s>
            words.end=</s>
            words.unknown=<UNK>
            search.beam-width=2
            search.max-words=5
            ignore=step
            image/kernel=project | transpose
            embedding=embed | words
            lstm/input/kernel=kernel | rows 0 -4 | gates ijfo
            lstm/recurrent/kernel=kernel | rows -4 end | gates ijfo
            lstm/bias=bias_a | gates ijfo + bias_b | gates ijfo | forget -1
            output/logits/kernel=logits | word-columns
            output/logits/bias=constant 0
            """;

    @TempDir
    Path folder;

    private Map<String, WeightValues> tensors;

    @BeforeEach
    void draw() throws IOException {
        Files.writeString(folder.resolve("map.properties"), MAP);
        // Two rows are no words: one becomes the padding, which the vocabulary has not.
        Files.writeString(folder.resolve("words.txt"), "a 9\n<s> 9\n</s> 9\ndog 4\n's 2");
        tensors = new LinkedHashMap<>();
        RandomWeights.of(
                        Encoders.published(EncoderSettings.Name.MOBILENET_V2, 32, false)
                                .weights(),
                        4)
                .values()
                .forEach((name, value) -> tensors.put("cnn." + name, value));
        tensors.put("project", counted(EMBEDDING, 1280));
        tensors.put("embed", counted(ROWS, EMBEDDING));
        tensors.put("kernel", counted(EMBEDDING + HIDDEN, 4 * HIDDEN));
        tensors.put("bias_a", counted(4 * HIDDEN));
        tensors.put("bias_b", counted(4 * HIDDEN));
        tensors.put("logits", counted(HIDDEN, ROWS));
        tensors.put("step", counted(1));
    }

    @Test
    void theBundleHoldsTheWeightsThatTheMapNames() throws IOException {
        importBundle();
        TrainedBundle network = TrainedBundle.read(folder.resolve("models/own/1"));
        Manifest manifest = network.manifest();
        assertThat(manifest.encoder()).isEqualTo("mobilenet_v2_1.0_32x32_avg");
        assertThat(manifest.language()).isEqualTo("en");
        assertThat(manifest.trainingData().licence()).isEqualTo("ours");
        assertThat(manifest.attentionGrid()).isNull();
        assertThat(manifest.input().preparation().interpolation()).isEqualTo(Interpolation.PILLOW_BILINEAR);
        assertThat(manifest.input().preparation().resized().width()).isEqualTo(40);
        assertThat(manifest.defaults().beamWidth()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("models/own/README.md")))
                .contains("ours", "model.pth", "Our captioner");

        assertThat(network.vocabulary().words(new int[] {0, 1, 2, 3, 4, 5, 6, 7}))
                .startsWith("<pad>", "<start>", "<end>", "<unk>", "a", "dog", "'s");
        assertThat(network.vocabulary().unused()).isEqualTo(1);
        assertThat(network.decoder().size().unused()).isEqualTo(1);
        Map<String, float[]> weights = network.decoderWeights();
        assertThat(Objects.requireNonNull(weights.get("embedding")))
                .startsWith(18, 19, 20, 3, 4, 5, 6, 7, 8, 15, 16, 17, 0, 1, 2, 9, 10, 11, 12, 13, 14, 21, 22, 23);
        // Gates i, j, f, o become i, f, o, j; both biases are added, and 1 is taken from f.
        assertThat(Objects.requireNonNull(weights.get("lstm/bias")))
                .containsExactly(0, 2, 4, 6, 15, 17, 19, 21, 24, 26, 28, 30, 8, 10, 12, 14);
        assertThat(Objects.requireNonNull(weights.get("image/kernel"))).startsWith(0, 1280, 2560, 1, 1281, 2561);
        assertThat(requireNonNull(network.encoderWeights().values().get("Conv1/kernel"))
                        .values())
                .isEqualTo(requireNonNull(tensors.get("cnn.Conv1/kernel")).values());
    }

    @Test
    void aBundleWhosePixelsAreNoWholeNumbersCaptions() throws IOException {
        Files.writeString(folder.resolve("map.properties"), MAP.replace("pillow_bilinear", "tensorflow1_bilinear"));
        importBundle();

        try (CaptionModel model = DjlBundleLoader.load(folder.resolve("models/own/1"), ModelDevice.CPU)) {
            ImagePreparation preparation = model.manifest().input().preparation();
            Pixels pixels = new PhotoDecoder(ImageLimits.defaults())
                    .decode(Pictures.png(Color.RED, 50, 41), preparation)
                    .pixels();
            assertThat(pixels.channels()).isEqualTo(9);
            assertThat(model.caption(List.of(pixels), model.manifest().defaults()))
                    .singleElement()
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(2);
        }
    }

    @Test
    void everyTensorThatDoesNotFitIsNamed() throws IOException {
        tensors.remove("bias_b");
        tensors.remove("cnn.Conv1/kernel");
        tensors.put("logits", counted(HIDDEN + 1, ROWS));
        tensors.put("left", counted(2));
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(this::importBundle)
                .withMessageContaining("Missing: [cnn.Conv1/kernel for Conv1/kernel, bias_b")
                .withMessageContaining("output/logits/kernel is [5, 8], not [4, 8]")
                .withMessageContaining("Left over: [left]");
    }

    @Test
    void aVocabularyOfMoreWordsThanRowsIsRefused() throws IOException {
        Files.writeString(folder.resolve("words.txt"), "a\n<s>\n</s>\ndog\ncat\nrat\nbat\nhat");
        assertThatExceptionOfType(UnusableFileException.class)
                .isThrownBy(this::importBundle)
                .withMessageContaining("the vocabulary has 9 words, but the network 8");
    }

    private void importBundle() throws IOException {
        Path file = folder.resolve("model.pth");
        TorchFiles.writeZip(file, tensors);
        new ImportJob(
                        new ImportProperties(
                                CheckpointFormat.AUTO,
                                folder.resolve("map.properties"),
                                List.of(file),
                                folder.resolve("words.txt"),
                                "own",
                                "1",
                                folder.resolve("models"),
                                "ours",
                                WeightFormat.FLOAT32,
                                null,
                                null),
                        new PhotoDecoder(ImageLimits.defaults()),
                        Jobs.silent())
                .run(new DefaultApplicationArguments());
    }

    private static WeightValues counted(long... sizes) {
        float[] values = new float[(int) Shape.of(sizes).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return new WeightValues(Shape.of(sizes), values);
    }
}
