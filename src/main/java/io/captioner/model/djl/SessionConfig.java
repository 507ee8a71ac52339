package io.captioner.model.djl;

import ai.djl.tensorflow.engine.javacpp.JavacppUtils;
import io.captioner.model.ModelPrecision;
import java.util.Base64;
import java.util.Map;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.RewriterConfig;

/** What a session is told of devices, memory and precision. */
final class SessionConfig {
    private SessionConfig() {}

    /** Returns the configuration of sessions that run on GPUs. */
    static ConfigProto gpu(DeviceSettings settings) {
        ConfigProto.Builder config = base();
        GPUOptions.Builder options =
                config.getGpuOptionsBuilder().setAllowGrowth(settings.gpu().memoryGrowth());
        Double fraction = settings.gpu().memoryFraction();
        if (fraction != null) {
            options.setPerProcessGpuMemoryFraction(fraction);
        }
        if (settings.precision() == ModelPrecision.MIXED) {
            config.getGraphOptionsBuilder().getRewriteOptionsBuilder().setAutoMixedPrecision(RewriterConfig.Toggle.ON);
        }
        return config.build();
    }

    /** Returns the configuration of sessions that run on the CPU, also where there is a GPU. */
    static ConfigProto cpu(DeviceSettings settings) {
        ConfigProto.Builder config = base().putDeviceCount("GPU", 0);
        RewriterConfig.Builder rewrites = config.getGraphOptionsBuilder().getRewriteOptionsBuilder();
        rewriteOnlyWhatPays(rewrites);
        if (settings.precision() == ModelPrecision.MIXED) {
            rewrites.setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON);
        }
        return config.build();
    }

    /** Returns a configuration as an option of DJL's {@code Model.load}. */
    static Map<String, String> option(ConfigProto config) {
        return Map.of("ConfigProto", Base64.getEncoder().encodeToString(config.toByteArray()));
    }

    /**
     * Folding constants and fusing convolutions make the graph of a bundle quicker; TensorFlow's other rewrites find
     * nothing in it and take half of the time until the first answer.
     */
    private static void rewriteOnlyWhatPays(RewriterConfig.Builder rewrites) {
        rewrites.setMetaOptimizerIterations(RewriterConfig.NumIterationsType.ONE)
                .setDisableTfgOptimizer(true)
                .setArithmeticOptimization(RewriterConfig.Toggle.OFF)
                .setCommonSubgraphElimination(RewriterConfig.Toggle.OFF)
                .setDebugStripper(RewriterConfig.Toggle.OFF)
                .setDependencyOptimization(RewriterConfig.Toggle.OFF)
                .setFunctionOptimization(RewriterConfig.Toggle.OFF)
                .setImplementationSelector(RewriterConfig.Toggle.OFF)
                .setLayoutOptimizer(RewriterConfig.Toggle.OFF)
                .setLoopOptimization(RewriterConfig.Toggle.OFF)
                .setMemoryOptimization(RewriterConfig.MemOptType.NO_MEM_OPT)
                .setPinToHostOptimization(RewriterConfig.Toggle.OFF)
                .setScopedAllocatorOptimization(RewriterConfig.Toggle.OFF)
                .setShapeOptimization(RewriterConfig.Toggle.OFF);
    }

    /** Starts from DJL's own: TensorFlow refuses sessions of one process that number the GPUs differently. */
    private static ConfigProto.Builder base() {
        return JavacppUtils.getSessionConfig().toBuilder().setAllowSoftPlacement(true);
    }
}
