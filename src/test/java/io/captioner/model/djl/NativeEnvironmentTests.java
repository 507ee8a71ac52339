package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NativeEnvironmentTests {
    private static final Path ERROR_STREAM = Path.of("/proc/self/fd/2");

    @Test
    void theErrorStreamIsDroppedOnlyDuringTheAction() throws IOException {
        NativeEnvironment.set("TF_CPP_MIN_LOG_LEVEL", "2", true);
        Path before = Files.readSymbolicLink(ERROR_STREAM);
        AtomicReference<Path> during = new AtomicReference<>();

        NativeEnvironment.withoutErrorStream(() -> during.set(read()));

        assertThat(during.get()).isEqualTo(Path.of("/dev/null"));
        assertThat(Files.readSymbolicLink(ERROR_STREAM)).isEqualTo(before);
    }

    @Test
    void theErrorStreamIsKeptAtLogLevelInfo() throws IOException {
        String level = Function.getFunction("c", "getenv").invokeString(new Object[] {"TF_CPP_MIN_LOG_LEVEL"}, false);
        NativeEnvironment.set("TF_CPP_MIN_LOG_LEVEL", "0", true);
        try {
            AtomicReference<Path> during = new AtomicReference<>();
            NativeEnvironment.withoutErrorStream(() -> during.set(read()));
            assertThat(during.get()).isEqualTo(Files.readSymbolicLink(ERROR_STREAM));
        } finally {
            NativeEnvironment.set("TF_CPP_MIN_LOG_LEVEL", level == null ? "2" : level, true);
        }
    }

    @Test
    void aCommandReplacesTheProcessAndGetsItsArgumentsUnchanged() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShellInstead.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isEqualTo(7);
        assertThat(said).endsWith("%d|two words||%n".formatted(process.pid()));
    }

    /** Becomes a shell that prints its number and its arguments. */
    static final class ShellInstead {
        private ShellInstead() {}

        public static void main(String[] arguments) {
            NativeEnvironment.execute(List.of("/bin/sh", "-c", "echo \"$$|$1|$2|\"; exit 7", "sh", "two words", ""));
        }
    }

    private static Path read() {
        try {
            return Files.readSymbolicLink(ERROR_STREAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
