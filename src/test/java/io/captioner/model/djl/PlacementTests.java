package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.captioner.ShippedBundle;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.ColourBundle;
import io.captioner.model.GoldenCheck;
import io.captioner.model.ManifestFile;
import io.captioner.model.ModelDevice;
import io.captioner.model.ModelPrecision;
import io.captioner.model.gpu.DeviceRefusedException;
import io.captioner.model.gpu.DeviceUse;
import io.captioner.model.gpu.Gpu;
import io.captioner.model.gpu.GpuProperties;
import io.captioner.model.gpu.GpuVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.ConfigProto;

/** The real TensorFlow on the CPU, with two devices where a test needs a second one. */
class PlacementTests {
    private static final DeviceSettings ON_CPU = DeviceSettings.of(ModelDevice.CPU);

    @TempDir
    Path root;

    private Path bundle = Path.of("");

    @BeforeEach
    void start() throws IOException {
        bundle = new ColourBundle().write(root, "colours", "1");
        DjlEngine.choose(DeviceSettings.of(ModelDevice.AUTO));
    }

    @Test
    void tensorFlowListsTheDevicesThatItsSessionsHave() {
        ConfigProto two =
                SessionConfig.cpu(ON_CPU).toBuilder().putDeviceCount("CPU", 2).build();

        assertThat(TensorFlowDevices.list(two))
                .containsExactly(
                        new TensorFlowDevices.Listed("/job:localhost/replica:0/task:0/device:CPU:0", "CPU"),
                        new TensorFlowDevices.Listed("/job:localhost/replica:0/task:0/device:CPU:1", "CPU"));
    }

    @Test
    void theTraceOfARunShowsWhereItsMatrixProductWasMade() {
        DeviceUse use = trace(bundle, SessionConfig.cpu(ON_CPU));

        assertThat(use.heavyNodes()).containsOnlyKeys("CPU:0");
        assertThat(use.heavyNodes().get("CPU:0")).isNotEmpty();
        assertThat(use.operationMicros()).containsOnlyKeys("CPU:0");
        assertThat(use.operationMicros().get("CPU:0")).isPositive();
        assertThat(use.kernelMicros()).isEmpty();
    }

    /** It has the inputs avoid, merge_from, merge_to and require, which are lists. */
    @Test
    void theShippedBundleCanBeTraced() {
        bundle = ShippedBundle.DIRECTORY;

        assertThat(trace(bundle, SessionConfig.cpu(ON_CPU)).heavyNodes()).containsOnlyKeys("CPU:0");
    }

    @Test
    void aRunOnTheCpuIsNoProofOfAGpu() {
        DeviceUse use = trace(bundle, SessionConfig.cpu(ON_CPU));

        assertThatThrownBy(
                        () -> GpuVerifier.verify(new Gpu(0, ""), use, Duration.ofMillis(1), () -> Duration.ofMillis(9)))
                .isInstanceOf(DeviceRefusedException.class)
                .hasMessageContaining("are not on gpu:0 but on CPU:0");
    }

    @Test
    void aPinnedGraphRunsOnTheDeviceThatItNames() {
        ConfigProto two =
                SessionConfig.cpu(ON_CPU).toBuilder().putDeviceCount("CPU", 2).build();
        Path directory;
        try (PinnedGraph pinned = PinnedGraph.write(bundle.resolve(Bundle.GRAPH), "/device:CPU:1")) {
            directory = pinned.directory();
            DeviceUse use = trace(directory, two);

            assertThat(use.heavyNodes()).containsOnlyKeys("CPU:1");
            assertThat(use.operationMicros().get("CPU:1")).isPositive();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void aPinnedGraphAnswersWhatTheBundleDoes() {
        try (PinnedGraph pinned = PinnedGraph.write(bundle.resolve(Bundle.GRAPH), "/device:GPU:7");
                CaptionModel model = load(pinned.directory(), SessionConfig.cpu(ON_CPU))) {
            GoldenCheck.check(bundle, model, GoldenCheck.Tolerance.EXACT);
        }
    }

    @Test
    void mixedPrecisionAnswersNearTheGoldenAnswers() {
        DeviceSettings mixed = new DeviceSettings(ModelDevice.CPU, ModelPrecision.MIXED, GpuProperties.DEFAULTS);
        try (CaptionModel model = DjlBundleLoader.load(bundle, mixed)) {
            assertThat(model.device()).isEqualTo("cpu");
        }
    }

    @Test
    void theReasonForNoGpuIsTheFirstThatHoldsOnThisMachine() {
        assumeFalse(TensorFlowDevices.hasGpuKernels());
        assertThatThrownBy(() -> DjlEngine.choose(DeviceSettings.of(ModelDevice.GPU)))
                .isInstanceOf(DeviceRefusedException.class)
                .hasMessageContaining("natives here are those for the CPU: build with ./mvnw -Pgpu package");
    }

    private DeviceUse trace(Path graph, ConfigProto config) {
        try (DjlCaptionModel model = load(graph, config)) {
            return model.trace(2);
        }
    }

    private DjlCaptionModel load(Path graph, ConfigProto config) {
        assertThat(Files.isRegularFile(graph.resolve(Bundle.GRAPH))).isTrue();
        return DjlCaptionModel.load(bundle, graph, ManifestFile.read(bundle), "cpu", config);
    }
}
