package io.captioner.model.djl;

import io.captioner.model.CaptionModel;
import io.captioner.model.gpu.DeviceRefusedException;
import io.captioner.model.gpu.Gpu;
import io.captioner.model.gpu.GpuVerifier;
import java.time.Duration;
import java.util.function.Supplier;

/** The runs of a loaded model from which {@link GpuVerifier} judges whether its GPU makes them. */
final class GpuVerification {
    private static final int IMAGES = 8;
    private static final int RUNS = 3;

    private GpuVerification() {}

    /**
     * Has a model prove that a GPU runs it.
     *
     * @param onCpu loads the same model on the CPU; asked only where the trace does not show the GPU's own time
     * @return what was seen, in a few words
     * @throws DeviceRefusedException if the GPU does not run it; the message says what was seen instead
     */
    static String prove(DjlCaptionModel model, Gpu gpu, Supplier<CaptionModel> onCpu) {
        Duration onGpu = fastest(model);
        return GpuVerifier.judge(gpu, model.trace(IMAGES), onGpu, () -> {
            try (CaptionModel cpu = onCpu.get()) {
                return fastest(cpu);
            }
        });
    }

    /** The first run compiles and tunes, so the fastest of a few counts. */
    private static Duration fastest(CaptionModel model) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            model.warmUp(IMAGES);
            least = Math.min(least, System.nanoTime() - start);
        }
        return Duration.ofNanos(least);
    }
}
