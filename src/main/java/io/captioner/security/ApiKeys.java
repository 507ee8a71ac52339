package io.captioner.security;

import io.captioner.web.RequestRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a file, which is looked at now and then: good news are taken at once, a broken file is refused, and the
 * keys that were good before go on. Requests never wait for a look.
 */
final class ApiKeys implements Authenticator {
    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

    private final Path file;
    private final Limits otherwise;
    private final ScheduledExecutorService thread;
    private volatile KeyHashes keys;
    private byte[] looked;
    private String fault = "";

    /**
     * The keys that stand in a file now.
     *
     * @param otherwise limits of who has none in the file
     * @param thread what looks; owned by the keys from now on
     * @throws IllegalArgumentException if the file cannot be used
     */
    ApiKeys(Path file, Limits otherwise, ScheduledExecutorService thread) {
        this.file = file;
        this.otherwise = otherwise;
        this.thread = thread;
        try {
            looked = read();
            keys = KeyFile.parse(looked, otherwise);
        } catch (IOException | BrokenKeyFileException e) {
            thread.shutdownNow();
            throw new IllegalArgumentException(
                    "captioner.security.keys: %s cannot be used: %s".formatted(file, reason(e)), e);
        }
        log.info("{} keys are good, from {}", keys.size(), file);
    }

    /** Looks at the file every so often from now on. */
    ApiKeys watched(Duration every) {
        var unused = thread.scheduleWithFixedDelay(this::look, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
        return this;
    }

    /** Takes the keys of the file if it has changed and can be used. Never throws. For one thread. */
    void look() {
        try {
            byte[] bytes = read();
            if (!Arrays.equals(bytes, looked) || !fault.isEmpty()) {
                KeyHashes now = KeyFile.parse(bytes, otherwise);
                looked = bytes;
                fault = "";
                keys = now;
                log.info("{} has changed: {} keys are good now", file, now.size());
            }
        } catch (IOException | BrokenKeyFileException | RuntimeException e) {
            String reason = reason(e);
            if (!reason.equals(fault)) {
                fault = reason;
                log.error("{} is refused, and the {} keys from before stay good: {}", file, keys.size(), reason);
            }
        }
    }

    @Override
    public Client authenticate(String credential) throws RequestRefusedException {
        Client sender = keys.find(credential);
        if (sender == null) {
            throw Credentials.wrong();
        }
        return sender;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(KeyFile.MOST_BYTES + 1);
        }
    }

    private static String reason(Exception fault) {
        return fault instanceof BrokenKeyFileException ? String.valueOf(fault.getMessage()) : fault.toString();
    }
}
