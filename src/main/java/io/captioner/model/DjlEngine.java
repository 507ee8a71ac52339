package io.captioner.model;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.util.Base64;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DJL's TensorFlow engine of this process, its natives found, and the devices that it really can use. */
final class DjlEngine {
    private static final Logger log = LoggerFactory.getLogger(DjlEngine.class);
    private static final String NAME = "TensorFlow";

    /** A serialised {@code ConfigProto {device_count {"GPU": 0} allow_soft_placement: true}}. */
    private static final byte[] NO_GPU = {0x0A, 0x07, 0x0A, 0x03, 'G', 'P', 'U', 0x10, 0x00, 0x38, 0x01};

    private DjlEngine() {}

    /**
     * Returns {@code cpu} or {@code gpu}: where models with that wish run.
     *
     * @throws IllegalStateException if a GPU is wanted and TensorFlow can use none
     */
    static String choose(ModelDevice wanted) {
        boolean gpu = wanted != ModelDevice.CPU && canUseGpu();
        if (wanted == ModelDevice.GPU && !gpu) {
            throw new IllegalStateException(
                    "captioner.device is gpu, but TensorFlow can use none: run on a machine with"
                            + " an NVIDIA driver and a build with the gpu natives, or set captioner.device to auto or cpu");
        }
        return gpu ? "gpu" : "cpu";
    }

    /** Makes an empty model; its arrays are host memory, as TensorFlow's sessions take and give on any device. */
    static Model newModel(String name) {
        Natives.prepare();
        return Model.newInstance(name, Device.cpu(), NAME);
    }

    static Map<String, String> options(ModelDevice wanted) {
        return wanted == ModelDevice.CPU
                ? Map.of("ConfigProto", Base64.getEncoder().encodeToString(NO_GPU))
                : Map.of();
    }

    /** Whether an array can be put on a GPU: DJL counts GPUs by their driver, also with natives for the CPU only. */
    private static boolean canUseGpu() {
        Natives.prepare();
        Engine engine = Engine.getEngine(NAME);
        if (engine.getGpuCount() == 0) {
            return false;
        }
        try (NDManager manager = engine.newBaseManager(Device.gpu())) {
            return manager.create(1f).getDevice().isGpu();
        } catch (RuntimeException e) {
            log.warn("there is a GPU, but TensorFlow cannot use it: {}", e.getMessage());
            return false;
        }
    }
}
