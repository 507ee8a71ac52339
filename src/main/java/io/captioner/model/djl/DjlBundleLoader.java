package io.captioner.model.djl;

import io.captioner.model.BrokenBundleException;
import io.captioner.model.Bundle;
import io.captioner.model.BundleVerifier;
import io.captioner.model.CaptionModel;
import io.captioner.model.GoldenCheck;
import io.captioner.model.Manifest;
import io.captioner.model.ModelDevice;
import io.captioner.model.ModelPrecision;
import io.captioner.model.gpu.DeviceRefusedException;
import io.captioner.model.gpu.Gpu;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.proto.ConfigProto;

/** Loads bundles through DJL; each is verified before it is used, also that it runs on its GPU. */
public final class DjlBundleLoader {
    private static final Logger log = LoggerFactory.getLogger(DjlBundleLoader.class);
    private static final String CPU = "cpu";

    private DjlBundleLoader() {}

    /** Loads a bundle on whichever device there is; see {@link #load(Path, ModelDevice)}. */
    public static CaptionModel load(Path bundle) {
        return load(bundle, ModelDevice.AUTO);
    }

    /** Loads a bundle in single precision; see {@link #load(Path, DeviceSettings)}. */
    public static CaptionModel load(Path bundle, ModelDevice device) {
        return load(bundle, DeviceSettings.of(device));
    }

    /**
     * Checks a bundle's manifest, hashes, vocabulary and signatures, loads it, and has it reproduce its golden answers.
     * On GPUs each gets a copy, which must prove that it runs there.
     *
     * @param bundle a directory {@code <name>/<version>}
     * @return the model, owned by the caller, who closes it
     * @throws BrokenBundleException if the bundle does not keep the contract
     * @throws DeviceRefusedException if a GPU is wanted and is not there or does not run the model
     * @throws IllegalStateException if TensorFlow's natives are not there
     */
    public static CaptionModel load(Path bundle, DeviceSettings settings) {
        Manifest manifest = BundleVerifier.verify(bundle);
        List<Gpu> gpus = DjlEngine.choose(settings);
        if (!gpus.isEmpty()) {
            try {
                return loadOnGpus(bundle, manifest, settings, gpus);
            } catch (DeviceRefusedException refused) {
                if (settings.device() == ModelDevice.GPU) {
                    throw refused;
                }
                log.warn("running {}/{} on the CPU: {}", manifest.name(), manifest.version(), refused.getMessage());
            }
        }
        return loadOnCpu(bundle, manifest, settings);
    }

    private static CaptionModel loadOnCpu(Path bundle, Manifest manifest, DeviceSettings settings) {
        DjlCaptionModel model = DjlCaptionModel.load(bundle, manifest, CPU, SessionConfig.cpu(settings));
        return closingOnFailure(model, () -> {
            boolean exact = settings.precision() == ModelPrecision.FLOAT32;
            GoldenCheck.check(bundle, model, exact ? GoldenCheck.Tolerance.EXACT : GoldenCheck.Tolerance.REDUCED);
        });
    }

    private static CaptionModel loadOnGpus(Path bundle, Manifest manifest, DeviceSettings settings, List<Gpu> gpus) {
        List<CaptionModel> copies = new ArrayList<>();
        try {
            for (Gpu gpu : gpus) {
                copies.add(loadOnGpu(bundle, manifest, settings, gpu));
            }
            return new LeastLoadedModel(copies);
        } catch (RuntimeException | Error e) {
            copies.forEach(CaptionModel::close);
            throw e;
        }
    }

    private static CaptionModel loadOnGpu(Path bundle, Manifest manifest, DeviceSettings settings, Gpu gpu) {
        DjlCaptionModel model = loadPlaced(bundle, manifest, gpu, SessionConfig.gpu(settings));
        return closingOnFailure(model, () -> {
            GoldenCheck.check(bundle, model, GoldenCheck.Tolerance.REDUCED);
            String seen = GpuVerification.verify(model, gpu, () -> loadOnCpu(bundle, manifest, settings.onCpu()));
            log.info("{}/{} runs on {}: {}", manifest.name(), manifest.version(), gpu, seen);
        });
    }

    /** TensorFlow places nodes without a device on the first GPU. */
    private static DjlCaptionModel loadPlaced(Path bundle, Manifest manifest, Gpu gpu, ConfigProto config) {
        if (gpu.index() == 0) {
            return DjlCaptionModel.load(bundle, manifest, gpu.toString(), config);
        }
        try (PinnedGraph pinned = PinnedGraph.write(bundle.resolve(Bundle.GRAPH), gpu.device())) {
            return DjlCaptionModel.load(bundle, pinned.directory(), manifest, gpu.toString(), config);
        }
    }

    private static CaptionModel closingOnFailure(DjlCaptionModel model, Runnable check) {
        try {
            check.run();
            return model;
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }
}
