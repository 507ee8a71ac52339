package io.captioner.model.djl;

import io.captioner.model.CaptionModel;
import io.captioner.model.gpu.DeviceRefusedException;
import io.captioner.model.gpu.Gpu;
import io.captioner.model.gpu.GpuVerifier;
import java.time.Duration;
import java.util.function.Supplier;

/** Runs a loaded model for {@link GpuVerifier}, which checks that its GPU runs it. */
final class GpuVerification {
    private static final int IMAGES = 8;
    private static final int RUNS = 3;

    private GpuVerification() {}

    /**
     * Verifies that a GPU runs a model.
     *
     * @param onCpu loads the same model on the CPU; called only where the trace does not show the GPU's own time
     * @return the evidence, in a few words
     * @throws DeviceRefusedException if the GPU does not run it; the message has the evidence
     */
    static String verify(DjlCaptionModel model, Gpu gpu, Supplier<CaptionModel> onCpu) {
        Duration onGpu = fastest(model);
        return GpuVerifier.verify(gpu, model.trace(IMAGES), onGpu, () -> {
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
