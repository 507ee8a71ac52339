package io.captioner.training.data;

import io.captioner.files.UnusableFileException;
import io.captioner.image.ImageSize;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.jobs.DaemonThreads;
import io.captioner.jobs.JsonLines;
import io.captioner.jobs.Progress;
import io.captioner.jobs.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The check of every picture before training: each is read whole, hashed and decoded as the service decodes it.
 *
 * <p>The result for a good picture is kept in a file, and valid while the picture's place, size and time of change are
 * the same; a refused picture is decoded again every time. The file grows picture by picture, so a check that was
 * killed resumes. One process at a time may use the file.
 */
public final class ImageValidator {
    /** Decoding is what is asked for, not the pixels: a small target costs little resampling. */
    private static final ImageSize TARGET = new ImageSize(16, 16);

    private final PhotoDecoder decoder;
    private final Path cacheFile;
    private final Progress progress;

    /** @param cacheFile the file of the results, made if absent */
    public ImageValidator(PhotoDecoder decoder, Path cacheFile, Progress progress) {
        this.decoder = decoder;
        this.cacheFile = cacheFile;
        this.progress = progress;
    }

    /**
     * The facts of a picture that can be decoded.
     *
     * @param sha256 of the file's bytes, in hexadecimal
     * @param width columns of the upright picture
     * @param height rows of the upright picture
     */
    public record ImageFacts(String sha256, int width, int height) {}

    /**
     * The results of a check.
     *
     * @param readable the good pictures
     * @param refused the reason of each of the others
     */
    public record Results(Map<Path, ImageFacts> readable, Map<Path, String> refused) {}

    private record Result(@Nullable ImageFacts facts, String refusal) {}

    /**
     * Checks pictures, on a thread for each processor.
     *
     * @throws IOException if the file of the results cannot be read or written; a picture that cannot be read is among
     *     the refused
     */
    public Results validate(Collection<Path> pictures) throws IOException {
        Results results = new Results(new LinkedHashMap<>(), new LinkedHashMap<>());
        try (Cache known = Cache.open(cacheFile)) {
            List<Path> unknown = new ArrayList<>();
            for (Path picture : pictures) {
                known.find(picture)
                        .ifPresentOrElse(facts -> results.readable().put(picture, facts), () -> unknown.add(picture));
            }
            if (!unknown.isEmpty()) {
                validateAll(unknown, results, known);
            }
        }
        return results;
    }

    private void validateAll(List<Path> pictures, Results results, Cache known) throws IOException {
        ExecutorService workers =
                DaemonThreads.pool("image-validator", Runtime.getRuntime().availableProcessors());
        try (Progress.Task task = progress.start("pictures", pictures.size())) {
            List<Future<Result>> pending = new ArrayList<>();
            pictures.forEach(picture -> pending.add(workers.submit(() -> check(picture))));
            for (int i = 0; i < pending.size(); i++) {
                Path picture = pictures.get(i);
                Result result = pending.get(i).get();
                if (result.facts() == null) {
                    results.refused().put(picture, result.refusal());
                } else {
                    results.readable().put(picture, result.facts());
                    known.add(picture, result.facts());
                }
                task.step(
                        1, results.refused().isEmpty() ? "" : results.refused().size() + " broken");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while checking pictures", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("bug: checking a picture failed", e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    private Result check(Path picture) {
        try {
            byte[] bytes = PictureFile.read(picture);
            Photo photo = decoder.decode(bytes, TARGET);
            return new Result(new ImageFacts(Sha256.of(bytes), photo.width(), photo.height()), "");
        } catch (UnreadableImageException | UnusableFileException e) {
            return new Result(null, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Result(null, "The file cannot be read: " + e);
        }
    }

    /**
     * The file of the facts of pictures: a JSON object a line; the last one of a picture counts. What a killed process left
     * of its last line is cut off. For one thread.
     */
    static final class Cache implements Closeable {
        /** To be raised whenever the decoder refuses what it took before. */
        private static final int DECODER = 1;

        private static final JsonMapper JSON = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        private static final ObjectReader LINES = JSON.readerFor(Line.class);

        private final Map<String, Line> lines;
        private final OutputStream out;

        private Cache(Map<String, Line> lines, OutputStream out) {
            this.lines = lines;
            this.out = out;
        }

        /** The time of change is in milliseconds: what archives keep of it is coarser. */
        private record Line(String picture, int decoder, long bytes, long changed, String sha256, int width, int height) {
            ImageFacts facts() {
                return new ImageFacts(sha256, width, height);
            }
        }

        /** Reads the file, which is made if absent. */
        static Cache open(Path file) throws IOException {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Map<String, Line> lines = new HashMap<>();
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                long complete = JsonLines.forEach(Channels.newInputStream(channel), json -> {
                    Line line = parse(json);
                    if (line != null) {
                        lines.put(line.picture(), line);
                    }
                });
                channel.truncate(complete).position(complete);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            return new Cache(lines, Channels.newOutputStream(channel));
        }

        private static @Nullable Line parse(byte[] json) {
            try {
                return LINES.readValue(json);
            } catch (JacksonException halfWrittenOrFromAnotherVersion) {
                return null;
            }
        }

        /** Returns the facts of a picture that has not changed. */
        Optional<ImageFacts> find(Path picture) {
            Line line = lines.get(name(picture));
            if (line == null || line.decoder() != DECODER) {
                return Optional.empty();
            }
            try {
                BasicFileAttributes now = Files.readAttributes(picture, BasicFileAttributes.class);
                boolean same = now.size() == line.bytes() && now.lastModifiedTime().toMillis() == line.changed();
                return same ? Optional.of(line.facts()) : Optional.empty();
            } catch (IOException itsReaderReportsIt) {
                return Optional.empty();
            }
        }

        /** Adds a picture. */
        void add(Path picture, ImageFacts facts) throws IOException {
            BasicFileAttributes now = Files.readAttributes(picture, BasicFileAttributes.class);
            Line line = new Line(
                    name(picture),
                    DECODER,
                    now.size(),
                    now.lastModifiedTime().toMillis(),
                    facts.sha256(),
                    facts.width(),
                    facts.height());
            lines.put(line.picture(), line);
            out.write(JsonLines.line(JSON, line));
        }

        @Override
        public void close() throws IOException {
            out.close();
        }

        private static String name(Path picture) {
            return picture.toUri().toString();
        }
    }
}
