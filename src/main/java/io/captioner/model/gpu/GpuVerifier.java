package io.captioner.model.gpu;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Checks that a traced run of a model was made by a GPU. */
public final class GpuVerifier {
    private static final int NAMED = 3;

    private GpuVerifier() {}

    /**
     * Checks a run.
     *
     * @param gpu the GPU that should have made it
     * @param use the device use from its trace
     * @param gpuRun how long the same run takes without a trace
     * @param cpuRun measures how long the CPU takes for it; called only where the trace does not show the GPU's own
     *     time
     * @return the evidence, in a few words
     * @throws DeviceRefusedException if the GPU did not make it; the message has the evidence
     */
    public static String verify(Gpu gpu, DeviceUse use, Duration gpuRun, Supplier<Duration> cpuRun) {
        String device = DeviceUse.device(gpu.device());
        int placed = requirePlaced(gpu, device, use.heavyNodes());
        if (use.operationMicros().getOrDefault(device, 0L) == 0
                && use.kernelMicros().getOrDefault(device, 0L) == 0) {
            throw new DeviceRefusedException(
                    "the graph is placed on %s, but a traced run took no time there, only on %s: see TensorFlow's errors in the log"
                            .formatted(gpu, use.operationMicros().keySet()));
        }
        String seen = "%d convolutions and matrix products on it".formatted(placed);
        Long busy = use.kernelMicros().get(device);
        if (busy != null && busy > 0) {
            return "%s, busy for %s ms of a run".formatted(seen, millis(Duration.ofNanos(busy * 1000)));
        }
        Duration onCpu = cpuRun.get();
        if (gpuRun.compareTo(onCpu) >= 0) {
            throw new DeviceRefusedException(
                    "a run on %s takes %s ms, and %s ms on the CPU, and the trace does not show the GPU at work: see whether something else keeps it busy (nvidia-smi), put libcupti.so.12 on the library path to see more, or set captioner.device=cpu, which is faster"
                            .formatted(gpu, millis(gpuRun), millis(onCpu)));
        }
        return "%s, %s ms a run, on the CPU %s ms".formatted(seen, millis(gpuRun), millis(onCpu));
    }

    private static int requirePlaced(Gpu gpu, String device, Map<String, List<String>> heavyNodes) {
        int all = heavyNodes.values().stream().mapToInt(List::size).sum();
        if (all == 0) {
            throw new DeviceRefusedException(
                    "a traced run of the model shows no convolution and no matrix product, so nothing proves that %s is used"
                            .formatted(gpu));
        }
        for (Map.Entry<String, List<String>> entry : heavyNodes.entrySet()) {
            if (!entry.getKey().equals(device)) {
                List<String> names = entry.getValue();
                throw new DeviceRefusedException(
                        "%d of %d convolutions and matrix products are not on %s but on %s (%s%s): the graph names that device, or TensorFlow has no GPU kernel for their types"
                                .formatted(
                                        names.size(),
                                        all,
                                        gpu,
                                        entry.getKey(),
                                        String.join(", ", names.subList(0, Math.min(NAMED, names.size()))),
                                        names.size() > NAMED ? ", …" : ""));
            }
        }
        return all;
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
    }
}
