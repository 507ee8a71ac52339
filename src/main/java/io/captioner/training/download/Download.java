package io.captioner.training.download;

import io.captioner.files.Sha256;
import io.captioner.jobs.AtomicFile;
import io.captioner.jobs.JobExitCodes;
import io.captioner.jobs.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * The download of one large file over HTTP.
 *
 * <p>Bytes go into {@code <name>.part}; after a cut or a restart the server is asked for the rest (Range) of the same
 * version (If-Range, RFC 9110 section 13.1.5), and whole anew if it has another one or cannot. The whole file is hashed
 * and renamed, so that what has the file's name is complete; its hash is written to {@code <name>.sha256} as
 * {@code sha256sum -c} reads it. One process at a time may fetch a file.
 */
final class Download {
    private static final Logger log = LoggerFactory.getLogger(Download.class);
    private static final int BUFFER = 1 << 18;
    private static final long MEGABYTE = 1_000_000;
    /** Statuses that may change on the next try: request timeout, too early, too many requests. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private final Duration timeout;
    private final BackOff pausesInARow;
    private final FreeSpace freeSpace;
    private final Progress progress;

    /**
     * A {@code Content-Range} field (RFC 9110, section 14.4) as far as it is needed.
     *
     * @param start first byte sent, -1 if unsaid
     * @param total bytes of the whole file, -1 if unsaid
     */
    private record ContentRange(long start, long total) {
        private static final Pattern FIELD = Pattern.compile("bytes (?:(\\d{1,18})-\\d+|\\*)/(?:(\\d{1,18})|\\*)");

        static ContentRange of(@Nullable String field) {
            Matcher matcher = FIELD.matcher(field == null ? "" : field);
            return matcher.matches()
                    ? new ContentRange(number(matcher.group(1)), number(matcher.group(2)))
                    : new ContentRange(-1, -1);
        }

        private static long number(@Nullable String digits) {
            return digits == null ? -1 : Long.parseLong(digits);
        }
    }

    /** The free disk space. */
    @FunctionalInterface
    interface FreeSpace {
        /** Returns the bytes that can be written below a folder. */
        long in(Path folder) throws IOException;
    }

    /**
     * A client that has fetched nothing.
     *
     * @param timeout longest wait for a connection, and for the next bytes
     * @param pausesInARow between tries that bring no byte, and when to give up
     */
    Download(Duration timeout, BackOff pausesInARow, FreeSpace freeSpace, Progress progress) {
        this.timeout = timeout;
        this.pausesInARow = pausesInARow;
        this.freeSpace = freeSpace;
        this.progress = progress;
    }

    /**
     * Fetches a file, unless it is there.
     *
     * @param target where it goes, in a folder that exists
     * @param sha256 the hash it must have, null if none is known
     * @throws IOException if the server refuses, the disk has too little room, the hash is another one, or no byte was
     *     received in too many tries; received bytes are kept
     */
    void fetch(URI address, Path target, @Nullable String sha256) throws IOException, InterruptedException {
        Path hashFile = target.resolveSibling(target.getFileName() + ".sha256");
        if (Files.exists(target)) {
            String known = Files.exists(hashFile)
                    ? Files.readString(hashFile, StandardCharsets.UTF_8).split(" ", 2)[0]
                    : hash(target);
            require(sha256, known, target);
            writeHash(hashFile, known, target);
            log.info("{} is there, SHA-256 {}", target, known);
            return;
        }
        PartFile part = new PartFile(target);
        fetch(address, part);
        String found = hash(part.data());
        require(sha256, found, part.data());
        AtomicFile.rename(part.data(), target);
        part.deleteOrigin();
        writeHash(hashFile, found, target);
        log.info("{} is fetched, SHA-256 {}{}", target, found, sha256 == null ? " (compared with none)" : "");
    }

    private void fetch(URI address, PartFile part) throws IOException, InterruptedException {
        Fetching fetching = new Fetching(address, part);
        try {
            new RetryTemplate(fetching).execute(fetching);
        } catch (RetryException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("while fetching " + address).initCause(e);
            }
            if (fetching.shouldRetry(e.getCause())) {
                throw new IOException(
                        "gave up %s after %d tries, the last of which met: %s; start again to go on at byte %,d"
                                .formatted(address, fetching.failures, e.getCause(), part.size()),
                        e.getCause());
            }
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IllegalStateException("bug: fetching " + address, e.getCause());
        }
    }

    /** The tries at one file; their pauses begin anew after each that brought bytes. For one thread. */
    private final class Fetching implements Retryable<Path>, RetryPolicy, BackOffExecution {
        private final URI address;
        private final PartFile part;
        private BackOffExecution pauses = pausesInARow.start();
        private int failures;
        private String failure = "";

        Fetching(URI address, PartFile part) {
            this.address = address;
            this.part = part;
        }

        @Override
        public Path execute() throws IOException {
            while (true) {
                long before = part.size();
                try {
                    if (fetchOnce(address, part)) {
                        return part.data();
                    }
                } catch (IOException e) {
                    failures = part.size() > before ? 1 : failures + 1;
                    failure = e.toString();
                    throw e;
                }
            }
        }

        @Override
        public boolean shouldRetry(Throwable failure) {
            // another try would meet the same server and the same disk
            return failure instanceof IOException
                    && !(failure instanceof DownloadRefusedException)
                    && !(failure instanceof FileSystemException);
        }

        @Override
        public BackOff getBackOff() {
            return () -> this;
        }

        @Override
        public long nextBackOff() {
            if (failures == 1) {
                pauses = pausesInARow.start();
            }
            long pause = pauses.nextBackOff();
            if (pause != STOP) {
                log.warn("{}: {}; trying again in {} s", address, failure, pause / 1000);
            }
            return pause;
        }
    }

    /** Returns whether the file is whole; if not, another try begins anew. */
    private boolean fetchOnce(URI address, PartFile part) throws IOException {
        String version = part.version(address.toString());
        long have = version == null ? 0 : part.size();
        HttpURLConnection connection = connect(address, have, version);
        try {
            int status = connection.getResponseCode();
            ContentRange range = ContentRange.of(connection.getHeaderField("Content-Range"));
            if (status == 416 && have > 0) {
                if (range.total() == have) {
                    return true;
                }
                part.restart(address.toString(), null);
                return false;
            } else if (status == 206 && have > 0 && !isSame(connection, version)) {
                part.restart(address.toString(), null);
                return false;
            } else if (status == 206 && have > 0 && range.start() == have) {
                log.info("{}: going on at byte {}", address, have);
                receive(connection, part, range.total());
            } else if (status == 200 || status == 206 && have == 0 && range.start() == 0) {
                if (have > 0) {
                    log.warn("{} is sent anew: it has changed, or the server sends no parts", address);
                }
                part.restart(address.toString(), version(connection));
                receive(connection, part, connection.getContentLengthLong());
            } else if (status / 100 == 4 && !PASSING.contains(status)) {
                throw new DownloadRefusedException(
                        "%s is answered with %d; see captioner.download.base-url and year".formatted(address, status));
            } else {
                throw new IOException("answered with %d".formatted(status));
            }
            return true;
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection connect(URI address, long have, @Nullable String version) throws IOException {
        if (!(address.toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new DownloadRefusedException(address + " is not an HTTP address; set captioner.download.base-url");
        }
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (have > 0 && version != null) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
            connection.setRequestProperty("If-Range", version);
        }
        return connection;
    }

    /** A weak entity tag does not promise the same bytes; the time of change is the next best. */
    private static @Nullable String version(HttpURLConnection connection) {
        String tag = connection.getHeaderField("ETag");
        return tag != null && !tag.startsWith("W/") ? tag : connection.getHeaderField("Last-Modified");
    }

    /** Some servers send a part of their current version. */
    private static boolean isSame(HttpURLConnection connection, @Nullable String version) {
        String now = version(connection);
        return now == null || now.equals(version);
    }

    private void receive(HttpURLConnection connection, PartFile part, long total) throws IOException {
        long have = part.size();
        requireRoom(part.data(), total - have);
        String name = part.data().getFileName().toString().replace(".part", "") + " (MB)";
        try (InputStream body = connection.getInputStream();
                FileChannel file = FileChannel.open(
                        part.data(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                Progress.Task task = progress.start(name, Math.max(0, total - have) / MEGABYTE)) {
            byte[] buffer = new byte[BUFFER];
            long shown = 0;
            long received = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                received += read;
                task.step(received / MEGABYTE - shown, "");
                shown = received / MEGABYTE;
            }
            file.force(true);
        }
        if (total >= 0 && part.size() != total) {
            throw new IOException("ended at byte %,d of %,d".formatted(part.size(), total));
        }
    }

    private void requireRoom(Path file, long bytes) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        long room = freeSpace.in(folder == null ? file : folder);
        if (bytes > room) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "%,d MB more are needed, but %s has room for %,d MB; make room or set captioner.download.directory"
                            .formatted(bytes / MEGABYTE + 1, folder, room / MEGABYTE));
        }
    }

    private String hash(Path file) throws IOException {
        try (Progress.Task task = progress.start("hash (MB)", Files.size(file) / MEGABYTE)) {
            return Sha256.of(file, read -> task.step(read / MEGABYTE, ""));
        }
    }

    private static void require(@Nullable String expected, String found, Path file) throws IOException {
        if (expected != null && !expected.toLowerCase(Locale.ROOT).equals(found)) {
            throw new DownloadRefusedException(
                    "%s has the SHA-256 %s, not %s; if captioner.download.sha256 is right, delete it and start again"
                            .formatted(file, found, expected));
        }
    }

    private static void writeHash(Path hashFile, String hash, Path file) throws IOException {
        AtomicFile.write(hashFile, hash + "  " + file.getFileName() + "\n");
    }

    /** A download that no retry can complete; the message has the remedy. */
    static final class DownloadRefusedException extends IOException implements ExitCodeGenerator {
        private static final long serialVersionUID = 1L;

        DownloadRefusedException(String message) {
            super(message);
        }

        @Override
        public int getExitCode() {
            return JobExitCodes.UNUSABLE;
        }
    }
}
