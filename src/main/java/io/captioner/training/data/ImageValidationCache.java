package io.captioner.training.data;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
 * The file in which facts of pictures are remembered: a JSON object a line, the last one of a picture counts. A line
 * that a killed process left half written is not believed. For one thread.
 */
final class ImageValidationCache implements Closeable {
    /** To be raised whenever the decoder refuses what it took before. */
    private static final int DECODER = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectReader LINES = JSON.readerFor(Line.class);

    private final Map<String, Line> lines;
    private final BufferedWriter writer;

    private ImageValidationCache(Map<String, Line> lines, BufferedWriter writer) {
        this.lines = lines;
        this.writer = writer;
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
        boolean torn = false;
        if (Files.exists(file)) {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            torn = !text.isEmpty() && !text.endsWith("\n");
            text.lines().map(ImageValidationCache::parse).forEach(line -> {
                if (line != null) {
                    lines.put(line.picture(), line);
                }
            });
        }
        BufferedWriter writer = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (torn) {
            writer.write('\n');
        }
        return new ImageValidationCache(lines, writer);
    }

    private static @Nullable Line parse(String json) {
        try {
            return LINES.readValue(json);
        } catch (JacksonException halfWrittenOrFromAnotherVersion) {
            return null;
        }
    }

    /** Returns what is known of a picture that is still as it was. */
    Optional<ImageFacts> find(Path picture) {
        Line line = lines.get(name(picture));
        if (line == null || line.decoder() != DECODER) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes now = Files.readAttributes(picture, BasicFileAttributes.class);
            boolean same = now.size() == line.bytes() && now.lastModifiedTime().toMillis() == line.changed();
            return same ? Optional.of(line.facts()) : Optional.empty();
        } catch (IOException whoeverReadsItWillSay) {
            return Optional.empty();
        }
    }

    /** Remembers a picture. */
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
        writer.write(JSON.writeValueAsString(line));
        writer.write('\n');
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static String name(Path picture) {
        return picture.toUri().toString();
    }
}
