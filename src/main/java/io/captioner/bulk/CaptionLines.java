package io.captioner.bulk;

import io.captioner.bulk.PhotoFiles.PhotoFile;
import io.captioner.jobs.JsonLines;
import io.captioner.jobs.UnusableJobException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file of a shard's captions, a JSON object a line, that is continued: what a killed process left of its last line
 * is cut off. Locked against other processes while it is open. For one thread at a time.
 */
final class CaptionLines implements Closeable {
    private final Path file;
    private final FileChannel channel;
    private final JsonMapper json = JsonMapper.shared();
    private final Set<PhotoFile.Key> done = new HashSet<>();

    private CaptionLines(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens or makes the file, and reads what is in it.
     *
     * @param origin of all of its captions
     * @throws UnusableJobException if there are captions in it of another model or search, or another process has it
     */
    static CaptionLines open(Path file, PhotoCaption.Origin origin) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        CaptionLines lines = new CaptionLines(file, channel);
        try {
            lines.lock();
            lines.readAll(origin);
            return lines;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** Returns the photos that are captioned in a file that is only read; none if it is absent. */
    static Set<PhotoFile.Key> done(Path file, PhotoCaption.Origin origin) throws IOException {
        JsonMapper json = JsonMapper.shared();
        Set<PhotoFile.Key> done = new HashSet<>();
        JsonLines.read(file).forEach(line -> done.add(key(file, json, line.getBytes(StandardCharsets.UTF_8), origin)));
        return done;
    }

    /** Returns the photos that are captioned. */
    Set<PhotoFile.Key> done() {
        return done;
    }

    /** Appends a caption; it is with the operating system when this returns. */
    void write(PhotoFile.Key photo, PhotoCaption caption) throws IOException {
        ObjectNode line = json.createObjectNode()
                .put("path", photo.path())
                .put("length", photo.length())
                .put("modified", photo.modified().toString());
        line.setAll((ObjectNode) json.valueToTree(caption));
        ByteBuffer bytes = ByteBuffer.wrap(JsonLines.line(json, line));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Forces all to the disk. */
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // reported below
        }
        throw new UnusableJobException(
                "another process writes %s: give each a captioner.bulk.shard of its own".formatted(file));
    }

    private void readAll(PhotoCaption.Origin origin) throws IOException {
        // Not closed: that would close the channel.
        InputStream in = Channels.newInputStream(channel);
        long complete = JsonLines.forEach(in, line -> done.add(key(file, json, line, origin)));
        channel.truncate(complete).position(complete);
    }

    private static PhotoFile.Key key(Path file, JsonMapper json, byte[] line, PhotoCaption.Origin origin) {
        PhotoFile.Key key;
        PhotoCaption.Origin found;
        try {
            JsonNode node = json.readTree(line);
            key = new PhotoFile.Key(
                    node.path("path").asString(),
                    node.path("length").asLong(),
                    Instant.parse(node.path("modified").asString()));
            found = new PhotoCaption.Origin(
                    node.path("model").asString(),
                    node.path("bundleSha256").asString(),
                    json.treeToValue(node.path("options"), PhotoCaption.Search.class));
        } catch (JacksonException | DateTimeParseException e) {
            throw new UnusableJobException(
                    "%s is not a file of captions: give another captioner.bulk.output".formatted(file));
        }
        if (!found.equals(origin)) {
            throw new UnusableJobException(
                    "%s has captions of %s, not of %s: give another captioner.bulk.output, or the same bundle and options"
                            .formatted(file, found, origin));
        }
        return key;
    }
}
