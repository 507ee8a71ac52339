package io.captioner.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.captioner.security.Client.Limits;
import io.captioner.web.AccessRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ApiKeysTests {
    private static final Limits LIMITS = new Limits(50, 100, 64);
    private static final String OLD = "an-old-key-of-more-than-32-characters";
    private static final String NEW = "a-new-key-of-more-than-32-characters!";

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private ApiKeys keys;

    @SuppressWarnings("NullAway") // the keys are read before each test
    ApiKeysTests() {}

    @BeforeEach
    void start() throws IOException {
        file = folder.resolve("keys");
        write("shop " + KeyFileTests.hash(OLD));
        keys = new ApiKeys(file, LIMITS, Executors.newSingleThreadScheduledExecutor());
    }

    @AfterEach
    void stop() {
        keys.close();
    }

    @Test
    void aKeyIsChangedWithoutAnInterruption(CapturedOutput log) throws Exception {
        write("shop %s\nshop %s".formatted(KeyFileTests.hash(OLD), KeyFileTests.hash(NEW)));
        keys.scan();
        assertThat(keys.authenticate(OLD)).isEqualTo(keys.authenticate(NEW));

        write("shop " + KeyFileTests.hash(NEW));
        keys.scan();
        assertThat(keys.authenticate(NEW).id()).isEqualTo("shop");
        assertThatExceptionOfType(AccessRefusedException.class).isThrownBy(() -> keys.authenticate(OLD));
        assertThat(log).contains("has changed: 2 keys are valid now", "has changed: 1 keys are valid now");
    }

    @Test
    void aBrokenFileIsRefusedOnceALineAndTheOldKeysStay(CapturedOutput log) throws Exception {
        write("shop " + KeyFileTests.hash(NEW) + "\n" + NEW);
        keys.scan();
        keys.scan();

        assertThat(keys.authenticate(OLD).id()).isEqualTo("shop");
        assertThatExceptionOfType(AccessRefusedException.class).isThrownBy(() -> keys.authenticate(NEW));
        assertThat(log.getOut())
                .containsOnlyOnce("is refused, and the previous 1 keys stay valid: line 2: ")
                .doesNotContain(NEW);

        write("mill " + KeyFileTests.hash(NEW));
        keys.scan();
        assertThat(keys.authenticate(NEW).id()).isEqualTo("mill");
    }

    @Test
    void aMissingOrEmptyFileRevokesNoKey(CapturedOutput log) throws Exception {
        Files.delete(file);
        keys.scan();
        write("");
        keys.scan();

        assertThat(keys.authenticate(OLD).id()).isEqualTo("shop");
        assertThat(log).contains("NoSuchFileException", "there is no key in it");
    }

    @Test
    void theFileIsScannedAtItsInterval() throws Exception {
        keys.scannedEvery(Duration.ofMillis(5));
        write("shop " + KeyFileTests.hash(NEW));

        await().until(() -> accepts(NEW));
    }

    @Test
    void withoutAUsableFileThereIsNoStart() throws Exception {
        write("shop");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ApiKeys(file, LIMITS, Executors.newSingleThreadScheduledExecutor()))
                .withMessageContaining("captioner.security.keys: %s cannot be used: line 1: ", file);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new ApiKeys(folder.resolve("none"), LIMITS, Executors.newSingleThreadScheduledExecutor()));
    }

    private boolean accepts(String key) {
        try {
            return keys.authenticate(key).id().equals("shop");
        } catch (AccessRefusedException refused) {
            return false;
        }
    }

    private void write(String text) throws IOException {
        Path whole = Files.writeString(folder.resolve("whole"), text);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
