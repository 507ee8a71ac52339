package io.captioner.training.data;

import io.captioner.jobs.JsonLines;
import io.captioner.training.data.ImageValidator.ImageFacts;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file of the facts of pictures: a JSON object a line; the last one of a picture counts. What a killed process left
 * of its last line is cut off. For one thread.
 */
final class ImageValidationCache implements Closeable {
    /** To be raised whenever the decoder refuses what it took before. */
    private static final int DECODER = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectReader LINES = JSON.readerFor(Line.class);

    private final Map<String, Line> lines;
    private final OutputStream out;

    private ImageValidationCache(Map<String, Line> lines, OutputStream out) {
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
    static ImageValidationCache open(Path file) throws IOException {
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
        return new ImageValidationCache(lines, Channels.newOutputStream(channel));
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
