package io.captioner.model.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static Path read() {
        try {
            return Files.readSymbolicLink(ERROR_STREAM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
