package io.captioner.model.gpu;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds why TensorFlow lists no GPU: the first of the usual causes that applies, with its remedy. */
public final class GpuDiagnostics {
    /** What TensorFlow 2.18 opens before it lists a GPU; cuSPARSE opens nvJitLink. */
    static final List<String> LIBRARIES = List.of(
            "libcudart.so.12",
            "libcublas.so.12",
            "libcublasLt.so.12",
            "libcufft.so.11",
            "libcusolver.so.11",
            "libnvJitLink.so.12",
            "libcusparse.so.12",
            "libcudnn.so.9");

    private static final int OLDEST_DRIVER = 12_000;
    private static final int NO_DEVICE = 100;

    private GpuDiagnostics() {}

    /**
     * Returns the cause and its remedy.
     *
     * @param gpuNatives whether TensorFlow's natives were compiled for GPUs
     */
    public static String why(boolean gpuNatives, CudaProbe probe) {
        if (!gpuNatives) {
            return "TensorFlow's natives here are those for the CPU: build with ./mvnw -Pgpu package, or take the gpu image";
        }
        String driver = driverFault(probe);
        return driver != null ? driver : libraryFault(probe);
    }

    private static @Nullable String driverFault(CudaProbe probe) {
        String failure = probe.loadFailure(CudaProbe.DRIVER);
        if (failure != null) {
            return "there is no NVIDIA driver: %s cannot be loaded (%s); install one on the machine, and give a container its GPU (docker run --gpus all, in Kubernetes the limit nvidia.com/gpu)"
                    .formatted(CudaProbe.DRIVER, failure);
        }
        CudaProbe.Driver driver = probe.driver();
        if (driver.error() == NO_DEVICE || (driver.error() == 0 && driver.gpus().isEmpty())) {
            String visible = probe.visibleDevices();
            return visible == null
                    ? "the NVIDIA driver sees no GPU: plug one in, or give one to the container"
                    : "the NVIDIA driver sees no GPU under CUDA_VISIBLE_DEVICES='%s': unset it".formatted(visible);
        }
        if (driver.error() != 0) {
            return "the NVIDIA driver does not start (cuInit gives CUDA error %d): see whether nvidia-smi works, and whether the driver of the machine and that of the container are the same"
                    .formatted(driver.error());
        }
        if (driver.version() < OLDEST_DRIVER) {
            return "the NVIDIA driver runs CUDA up to %d.%d, and TensorFlow needs 12: install driver 525.60 or newer"
                    .formatted(driver.version() / 1000, driver.version() % 1000 / 10);
        }
        return null;
    }

    private static String libraryFault(CudaProbe probe) {
        List<String> failures = new ArrayList<>();
        for (String library : LIBRARIES) {
            String failure = probe.loadFailure(library);
            if (failure != null) {
                failures.add("%s (%s)".formatted(library, failure));
            }
        }
        return failures.isEmpty()
                ? "driver and CUDA libraries can be loaded: TensorFlow says in its own lines of the log why it takes no GPU (set captioner.tensorflow.log-level=info)"
                : "of CUDA 12 and cuDNN 9 these cannot be loaded: %s; install them, or set LD_LIBRARY_PATH to where they are"
                        .formatted(String.join(", ", failures));
    }
}
