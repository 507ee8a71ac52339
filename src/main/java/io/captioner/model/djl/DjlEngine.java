package io.captioner.model.djl;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.tensorflow.engine.javacpp.LibUtils;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.jna.Platform;
import io.captioner.model.ModelDevice;
import io.captioner.model.gpu.CudaProbe;
import io.captioner.model.gpu.DeviceRefusedException;
import io.captioner.model.gpu.Gpu;
import io.captioner.model.gpu.GpuDiagnostics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DJL's TensorFlow engine of this process, its natives found, and the GPUs that TensorFlow lists. */
public final class DjlEngine {
    private static final Logger log = LoggerFactory.getLogger(DjlEngine.class);
    private static final String NAME = "TensorFlow";
    private static final String HIDDEN = "-1";

    @GuardedBy("DjlEngine.class") private static @Nullable List<Gpu> gpus;

    private DjlEngine() {}

    /**
     * Returns the GPUs that models with these settings run on; none for the CPU. Starts the engine if it is not
     * started.
     *
     * @throws DeviceRefusedException if a GPU is wanted and TensorFlow lists none; the message says why
     */
    public static List<Gpu> choose(DeviceSettings settings) {
        List<Gpu> all = start(settings);
        if (settings.device() == ModelDevice.CPU) {
            return List.of();
        }
        if (all.isEmpty()) {
            explain(settings.device(), new CudaProbe.OfThisMachine());
        }
        List<Gpu> chosen = all.subList(0, Math.min(all.size(), settings.gpu().maxDevices()));
        if (chosen.size() < all.size()) {
            log.info("{} of {} GPUs are used: captioner.gpu.max-devices", chosen.size(), all.size());
        }
        return chosen;
    }

    /** Makes an empty model; its arrays are host memory, as TensorFlow's sessions take and give on any device. */
    static Model newModel(String name) {
        return Model.newInstance(name, Device.cpu(), NAME);
    }

    /**
     * Starts the engine if it is not started, and returns the GPUs that TensorFlow lists. The first session of the
     * process decides how GPU memory is managed, so it is opened before DJL makes its own context, which would take all
     * of it.
     */
    public static synchronized List<Gpu> start(DeviceSettings settings) {
        List<Gpu> known = gpus;
        if (known == null) {
            if (settings.device() == ModelDevice.CPU) {
                hideGpus();
            }
            NativeEnvironment.useOneDnn();
            NativeLibraries.prepare();
            LibUtils.loadLibrary();
            known = list(settings);
            NativeEnvironment.silenceFirstRun();
            gpus = known;
        }
        return known;
    }

    private static List<Gpu> list(DeviceSettings settings) {
        List<Gpu> listed = new ArrayList<>();
        List<String> names = List.of();
        for (TensorFlowDevices.Listed device : TensorFlowDevices.list(SessionConfig.gpu(settings))) {
            if (device.type().equals("GPU")) {
                names = names.isEmpty() ? new CudaProbe.OfThisMachine().driver().gpus() : names;
                int index = listed.size();
                listed.add(new Gpu(index, index < names.size() ? names.get(index) : ""));
            }
        }
        return List.copyOf(listed);
    }

    private static void explain(ModelDevice wanted, CudaProbe probe) {
        boolean gpuNatives = TensorFlowDevices.hasGpuKernels();
        if (wanted == ModelDevice.GPU) {
            throw new DeviceRefusedException(
                    "captioner.device is gpu, but TensorFlow sees none: %s. To run on the CPU, set captioner.device to auto or cpu"
                            .formatted(GpuDiagnostics.why(gpuNatives, probe)));
        }
        if (gpuNatives || probe.loadFailure(CudaProbe.DRIVER) == null) {
            log.warn("running on the CPU, for TensorFlow sees no GPU: {}", GpuDiagnostics.why(gpuNatives, probe));
        }
    }

    /** DJL's own context would take memory of every GPU that it sees, so the driver is told to show none. */
    private static void hideGpus() {
        if (Platform.isLinux()) {
            NativeEnvironment.set("CUDA_VISIBLE_DEVICES", HIDDEN, true);
        }
    }
}
