package io.captioner.training.download;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that is there so far, {@code <name>.part}, and beside it of which version of which address it is:
 * {@code <name>.part.of}. For one thread.
 */
final class PartFile {
    private final Path data;
    private final Path origin;

    PartFile(Path target) {
        this.data = target.resolveSibling(target.getFileName() + ".part");
        this.origin = target.resolveSibling(target.getFileName() + ".part.of");
    }

    Path data() {
        return data;
    }

    /** Returns how many bytes are there, none if nothing is. */
    long size() throws IOException {
        return Files.exists(data) ? Files.size(data) : 0;
    }

    /** Returns the version that the bytes are of, null if it is not known to be one of that address. */
    @Nullable String version(String address) throws IOException {
        if (!Files.exists(origin)) {
            return null;
        }
        List<String> lines = Files.readAllLines(origin, StandardCharsets.UTF_8);
        return lines.size() == 2 && lines.get(0).equals(address) ? lines.get(1) : null;
    }

    /** Deletes all bytes and starts with another version, which is null if the server names none. */
    void restart(String address, @Nullable String version) throws IOException {
        Files.deleteIfExists(origin);
        Files.deleteIfExists(data);
        if (version != null) {
            Files.writeString(origin, address + "\n" + version + "\n", StandardCharsets.UTF_8);
        }
    }

    /** Deletes the note of the version, after the bytes are renamed. */
    void deleteOrigin() throws IOException {
        Files.deleteIfExists(origin);
    }
}
