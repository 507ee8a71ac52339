package io.captioner.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files of a bundle that hold a name of four characters, then numbers in little-endian order. */
final class BinaryFile {
    private static final int NAME = Integer.BYTES;

    private BinaryFile() {}

    /**
     * Reads a file.
     *
     * @param name of what it holds, four ASCII characters
     * @param header bytes behind the name that each such file has
     * @param parser is given what is behind the name, at least {@code header} bytes
     * @return null if there is no such file
     * @throws BrokenBundleException if it cannot be read, has no such name or header, or the parser does not accept it
     */
    static <T> @Nullable T read(Path file, String name, int header, Function<ByteBuffer, T> parser) {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length < NAME + header || !Arrays.equals(Arrays.copyOf(bytes, NAME), ascii(name))) {
                throw new BrokenBundleException(file, "does not begin with " + name);
            }
            return parser.apply(
                    ByteBuffer.wrap(bytes, NAME, bytes.length - NAME).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw BrokenBundleException.unreadable(file, e);
        } catch (IllegalArgumentException e) {
            throw new BrokenBundleException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns a buffer of the name and as many bytes more, behind the name, to be filled and written. */
    static ByteBuffer begin(String name, int bytes) {
        return ByteBuffer.allocate(NAME + bytes).order(ByteOrder.LITTLE_ENDIAN).put(ascii(name));
    }

    private static byte[] ascii(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }
}
