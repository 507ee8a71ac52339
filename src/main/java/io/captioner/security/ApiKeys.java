package io.captioner.security;

import io.captioner.security.Client.Limits;
import io.captioner.security.CredentialAuthorizer.Authenticator;
import io.captioner.security.KeyFile.BrokenKeyFileException;
import io.captioner.security.KeyFile.KeyHashes;
import io.captioner.web.AccessRefusedException;
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
 * The API keys of a file, which is scanned at an interval: a changed file is loaded, a broken one is refused, and then
 * the previous keys stay valid. Requests never wait for a scan.
 */
final class ApiKeys implements Authenticator {
    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

    private final Path file;
    private final Limits defaults;
    private final ScheduledExecutorService thread;
    private volatile KeyHashes keys;
    private byte[] loaded;
    private String fault = "";

    /**
     * Loads the keys of a file.
     *
     * @param defaults limits of keys for which the file sets none
     * @param thread runs the scans; owned by this
     * @throws IllegalArgumentException if the file cannot be used
     */
    ApiKeys(Path file, Limits defaults, ScheduledExecutorService thread) {
        this.file = file;
        this.defaults = defaults;
        this.thread = thread;
        try {
            loaded = read();
            keys = KeyFile.parse(loaded, defaults);
        } catch (IOException | BrokenKeyFileException e) {
            thread.shutdownNow();
            throw new IllegalArgumentException(
                    "captioner.security.keys: %s cannot be used: %s".formatted(file, reason(e)), e);
        }
        log.info("{} keys are valid, from {}", keys.size(), file);
    }

    /** Starts to scan the file at this interval. */
    ApiKeys scannedEvery(Duration interval) {
        var unused =
                thread.scheduleWithFixedDelay(this::scan, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return this;
    }

    /** Loads the keys of the file if it has changed and can be used. Never throws. For one thread. */
    void scan() {
        try {
            byte[] bytes = read();
            if (!Arrays.equals(bytes, loaded) || !fault.isEmpty()) {
                KeyHashes now = KeyFile.parse(bytes, defaults);
                loaded = bytes;
                fault = "";
                keys = now;
                log.info("{} has changed: {} keys are valid now", file, now.size());
            }
        } catch (IOException | BrokenKeyFileException | RuntimeException e) {
            String reason = reason(e);
            if (!reason.equals(fault)) {
                fault = reason;
                log.error("{} is refused, and the previous {} keys stay valid: {}", file, keys.size(), reason);
            }
        }
    }

    @Override
    public Client authenticate(String credential) throws AccessRefusedException {
        Client client = keys.find(credential);
        if (client == null) {
            throw Credentials.invalid();
        }
        return client;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private byte[] read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(KeyFile.MAX_BYTES + 1);
        }
    }

    private static String reason(Exception fault) {
        return fault instanceof BrokenKeyFileException ? String.valueOf(fault.getMessage()) : fault.toString();
    }
}
