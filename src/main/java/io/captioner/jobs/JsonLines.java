package io.captioner.jobs;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Files of one JSON object a line, to which a process appends. A last line without a line end is what a killed process
 * left of it: readers ignore it, and the writer that continues the file cuts it off.
 */
public final class JsonLines {
    private JsonLines() {}

    /** Returns the complete lines of a file, none if it is absent. */
    public static List<String> read(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                forEach(in, line -> lines.add(new String(line, StandardCharsets.UTF_8)));
            }
        }
        return lines;
    }

    /**
     * Passes on each complete line, without its line end.
     *
     * @return how many bytes the complete lines take: the length to which the writer cuts the file
     */
    public static long forEach(InputStream in, Consumer<byte[]> line) throws IOException {
        InputStream bytes = new BufferedInputStream(in); // closed by the owner of the stream
        ByteArrayOutputStream next = new ByteArrayOutputStream();
        long complete = 0;
        for (int value = bytes.read(); value >= 0; value = bytes.read()) {
            if (value == '\n') {
                complete += next.size() + 1;
                line.accept(next.toByteArray());
                next.reset();
            } else {
                next.write(value);
            }
        }
        return complete;
    }

    /** Returns a value as one line, with its line end. */
    public static byte[] line(JsonMapper json, Object value) {
        return (json.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
