package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.core.env.StandardEnvironment;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** What TensorFlow writes to the streams of a process: a level holds for the whole process, so each test starts one. */
@EnabledOnOs(OS.LINUX)
class TensorFlowLogTests {
    /** Runs one session as a job or the service does. */
    static final class OneRun {
        private OneRun() {}

        public static void main(String[] arguments) {
            NativeEnvironment.setLogLevel(new StandardEnvironment());
            DjlEngine.loadLibrary();
            try (Graph graph = new Graph()) {
                Ops tf = Ops.create(graph);
                try (Session session = new Session(graph)) {
                    session.runner().fetch(tf.math.neg(tf.constant(1f))).run().close();
                }
            }
        }
    }

    @Test
    void nothingIsWrittenByDefault() throws IOException, InterruptedException {
        assertThat(errors("-Dother=1")).doesNotContain("tensorflow/", "MLIR", "absl::");
    }

    @Test
    void linesOfAllItsPartsAreWrittenWhenWanted() throws IOException, InterruptedException {
        assertThat(errors("-Dcaptioner.tensorflow.log-level=info")).contains("tensorflow/", "MLIR V1 optimization pass");
    }

    private static String errors(String setting) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        setting,
                        OneRun.class.getName())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
        Process process = builder.start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
        return errors;
    }
}
