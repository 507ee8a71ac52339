package io.captioner.model.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class GpuVerifierTests {
    private static final Gpu GPU = new Gpu(1, "Some GPU");
    private static final Map<String, List<String>> ON_IT = Map.of("GPU:1", List.of("conv", "logits"));
    private static final Duration RUN = Duration.ofMillis(5);
    private static final Supplier<Duration> NOT_ASKED = () -> {
        throw new AssertionError("the CPU is not asked where the GPU's own time is known");
    };

    @Test
    void aGpuThatHoldsTheGraphAndIsBusyIsProved() {
        DeviceUse use = new DeviceUse(ON_IT, Map.of("GPU:1", 900L, "CPU:0", 50L), Map.of("GPU:1", 4200L));

        assertThat(GpuVerifier.verify(GPU, use, RUN, NOT_ASKED))
                .isEqualTo("2 convolutions and matrix products on it, busy for 4.2 ms of a run");
    }

    @Test
    void withoutTheGpusOwnTimeItMustBeFasterThanTheCpu() {
        DeviceUse use = new DeviceUse(ON_IT, Map.of("GPU:1", 900L), Map.of());

        assertThat(GpuVerifier.verify(GPU, use, RUN, () -> Duration.ofMillis(80)))
                .contains("5.0 ms a run, on the CPU 80.0");
        refuses(use, RUN, "a run on gpu:1 (Some GPU) takes 5.0 ms, and 5.0 ms on the CPU");
    }

    @Test
    void heavyNodesOnTheCpuAreRefusedAndNamed() {
        DeviceUse use = new DeviceUse(
                Map.of("CPU:0", List.of("a", "b", "c", "d"), "GPU:1", List.of("e")),
                Map.of("GPU:1", 900L, "CPU:0", 5000L),
                Map.of("GPU:1", 900L));

        refuses(
                use,
                Duration.ofMillis(80),
                "4 of 5 convolutions and matrix products are not on gpu:1 (Some GPU) but on CPU:0 (a, b, c, …)");
    }

    @Test
    void anotherGpuIsNotTheOneThatWasMeant() {
        DeviceUse use = new DeviceUse(Map.of("GPU:0", List.of("conv")), Map.of("GPU:0", 900L), Map.of("GPU:0", 900L));

        refuses(use, Duration.ofMillis(80), "are not on gpu:1 (Some GPU) but on GPU:0 (conv)");
    }

    @Test
    void aGraphThatIsPlacedButTakesNoTimeThereIsRefused() {
        refuses(
                new DeviceUse(ON_IT, Map.of("CPU:0", 5000L), Map.of("GPU:1", 0L)),
                Duration.ofMillis(80),
                "took no time there, only on [CPU:0]");
    }

    @Test
    void aTraceWithoutHeavyNodesProvesNothing() {
        refuses(
                new DeviceUse(Map.of(), Map.of("GPU:1", 900L), Map.of("GPU:1", 900L)),
                Duration.ofMillis(80),
                "nothing proves that gpu:1 (Some GPU) is used");
    }

    private static void refuses(DeviceUse use, Duration onCpu, String because) {
        assertThatThrownBy(() -> GpuVerifier.verify(GPU, use, RUN, () -> onCpu))
                .isInstanceOf(DeviceRefusedException.class)
                .hasMessageContaining(because);
    }
}
