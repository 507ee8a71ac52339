package io.captioner.training.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RewriterConfig;

/**
 * What a network is computed in. An encoder's features in bfloat16 differ by about 1 % (relative L2 distance), and are
 * what a processor with matrix tiles computes in a fraction of the time.
 */
public enum Precision {
    /** Single precision. */
    FLOAT32,
    /** Convolutions and matrix products in bfloat16, by TensorFlow's own rewrite of the graph. */
    BFLOAT16;

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /**
     * Returns bfloat16 if this machine's processors have tiles for it: the same machine always gets the same answer.
     */
    public static Precision ofThisMachine() throws IOException {
        return Files.isReadable(PROCESSORS) ? of(Files.readString(PROCESSORS)) : FLOAT32;
    }

    /** Returns the precision for processors that {@code /proc/cpuinfo} describes so. */
    static Precision of(String processors) {
        return processors
                        .lines()
                        .filter(line -> line.startsWith("flags"))
                        .anyMatch(line -> Arrays.asList(line.split("\\s+")).contains("amx_bf16"))
                ? BFLOAT16
                : FLOAT32;
    }

    /** Returns the configuration of a session that computes so. */
    public ConfigProto session() {
        ConfigProto.Builder config = ConfigProto.newBuilder();
        if (this == BFLOAT16) {
            config.getGraphOptionsBuilder()
                    .getRewriteOptionsBuilder()
                    .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON);
        }
        return config.build();
    }
}
