package io.captioner.training.export;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.captioner.ShippedBundle;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Bundle;
import io.captioner.model.Golden;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;

class ReExportJobTests {
    private static final Path SHIPPED = ShippedBundle.DIRECTORY;

    @TempDir
    private Path directory;

    @Test
    void theShippedBundleIsWrittenAgainWithItsGoldenAnswers() throws IOException {
        export(SHIPPED);

        Path written = directory.resolve("models/show-attend-tell/9");
        Manifest before = ManifestFile.read(SHIPPED);
        Manifest after = ManifestFile.read(written);
        assertThat(after.version()).isEqualTo("9");
        assertThat(after.provenance()).isEqualTo(before.provenance());
        assertThat(Files.size(written.resolve(Bundle.GRAPH)))
                .isCloseTo(Files.size(SHIPPED.resolve(Bundle.GRAPH)), withPercentage(1));
        assertThat(written.resolve(Bundle.NEIGHBOURS)).hasSameBinaryContentAs(SHIPPED.resolve(Bundle.NEIGHBOURS));
        assertThat(written.resolve(Bundle.PHRASES)).hasSameBinaryContentAs(SHIPPED.resolve(Bundle.PHRASES));
        assertThat(written.resolve(Bundle.GOLDEN)).hasSameBinaryContentAs(SHIPPED.resolve(Bundle.GOLDEN));
        assertThat(written.resolve(Bundle.VOCABULARY)).hasSameBinaryContentAs(SHIPPED.resolve(Bundle.VOCABULARY));
    }

    @Test
    void withoutThePriorOfWordsCaptionsAreOthersAndWithItThoseOfBefore() throws IOException {
        export(SHIPPED, "9", false);
        Path without = directory.resolve("models/show-attend-tell/9");
        export(without, "10", true);
        Path again = directory.resolve("models/show-attend-tell/10");

        Golden before = Golden.read(SHIPPED);
        Golden between = Golden.read(without);
        Golden after = Golden.read(again);
        assertThat(Arrays.deepEquals(between.logProbabilities(), before.logProbabilities()))
                .isFalse();
        assertThat(after.tokens()).isDeepEqualTo(before.tokens());
        assertThat(TrainedBundle.read(without).wordPrior()).isFalse();
        assertThat(TrainedBundle.read(again).wordPrior()).isTrue();
    }

    @Test
    void aPriorWithoutCaptionsOfTrainingPhotosIsRefused() throws IOException {
        assertThatThrownBy(() -> export(changed("", ""), "9", true))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContainingAll("neighbours.bin", "calibrate");
    }

    @Test
    void aVersionThatExistsIsKept() throws IOException {
        Files.createDirectories(directory.resolve("models/show-attend-tell/9"));

        assertThatThrownBy(() -> export(SHIPPED))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("captioner.re-export.version");
    }

    @Test
    void aBundleOfAnotherEncoderIsRefused() throws IOException {
        assertThatThrownBy(() -> export(changed("\"efficientnet_lite2_240x240\"", "\"another_net\"")))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("another_net");
    }

    @Test
    void aBundleWithoutTheSizesOfItsDecoderIsRefused() throws IOException {
        assertThatThrownBy(() -> export(changed("features=", "channels=")))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContaining("features");
    }

    @Test
    void aBundleOfAnotherProgramIsRefused() throws IOException {
        Path bundle = changed("", "");
        SavedModel.Builder model = SavedModel.parseFrom(Files.readAllBytes(SHIPPED.resolve(Bundle.GRAPH))).toBuilder();
        model.getMetaGraphsBuilder(0).getGraphDefBuilder().clearNode();
        Files.write(bundle.resolve(Bundle.GRAPH), model.build().toByteArray());

        assertThatThrownBy(() -> export(bundle))
                .isInstanceOf(UnusableJobException.class)
                .hasMessageContainingAll("saved_model.pb", "holds no weight");
    }

    @Test
    void weightsWithoutNamesAreFoundByTheirOrderAndShape() throws IOException {
        SavedModel.Builder model = SavedModel.newBuilder();
        GraphDef.Builder graph = model.addMetaGraphsBuilder().getGraphDefBuilder();
        graph.addNode(constant("Const", 2, 1f, 2f))
                .addNode(constant("Const_1", 3, 3f))
                .addNode(constant("Const_2", 2, 4f, 5f));
        Path file = directory.resolve("graph.pb");
        Files.write(file, model.build().toByteArray());

        Map<String, Map<String, float[]>> found = FrozenWeights.read(file)
                .find(List.of(
                        new FrozenWeights.Wanted("encoder", "dense/bias", Shape.of(3)),
                        new FrozenWeights.Wanted("decoder", "bias", Shape.of(2))));

        assertThat(requireNonNull(found.get("encoder")).get("dense/bias")).containsExactly(3f, 3f, 3f);
        assertThat(requireNonNull(found.get("decoder")).get("bias")).containsExactly(4f, 5f);
    }

    private static NodeDef constant(String name, int size, float... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(DataType.DT_FLOAT);
        tensor.getTensorShapeBuilder().addDimBuilder().setSize(size);
        for (float value : values) {
            tensor.addFloatVal(value);
        }
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("Const")
                .putAttr(
                        "dtype",
                        AttrValue.newBuilder().setType(DataType.DT_FLOAT).build())
                .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build())
                .build();
    }

    private Path changed(String text, String replacement) throws IOException {
        Path bundle = Files.createDirectories(
                directory.resolve("changed/show-attend-tell").resolve(SHIPPED.getFileName()));
        for (String file : new String[] {Bundle.GRAPH, Bundle.VOCABULARY, Bundle.GOLDEN}) {
            Files.copy(SHIPPED.resolve(file), bundle.resolve(file));
        }
        String manifest = Files.readString(SHIPPED.resolve(Bundle.MANIFEST));
        assertThat(manifest).contains(text);
        Files.writeString(bundle.resolve(Bundle.MANIFEST), manifest.replace(text, replacement));
        return bundle;
    }

    private void export(Path bundle) throws IOException {
        export(bundle, "9", null);
    }

    private void export(Path bundle, String version, @Nullable Boolean wordPrior) throws IOException {
        new ReExportJob(new ReExportProperties(bundle, directory.resolve("models"), version, wordPrior))
                .run(new DefaultApplicationArguments());
    }
}
