package io.captioner.web;

import io.captioner.caption.ImageUpload;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A part whose content is base64 with line ends (RFC 2045), as mail programs and some clients write it.
 *
 * @param size bytes that it decodes to
 */
record Base64Part(Part part, long size) implements ImageUpload {
    private static final int CHARACTERS = 4;
    private static final int BYTES = 3;

    /** Returns how many bytes a part decodes to; empty if it is no base64. Reads it once. */
    static OptionalLong decodedSize(Part part) throws IOException {
        long characters = 0;
        int padding = 0;
        try (InputStream content = part.getInputStream()) {
            byte[] buffer = new byte[8192];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    byte one = buffer[i];
                    if (one == '=') {
                        padding++;
                    } else if (isOfAlphabet(one) && padding == 0) {
                        characters++;
                    } else if (!Character.isWhitespace(one)) {
                        return OptionalLong.empty();
                    }
                }
            }
        }
        boolean whole = characters % CHARACTERS != 1 && (padding == 0 || (characters + padding) % CHARACTERS == 0);
        return whole ? OptionalLong.of(characters * BYTES / CHARACTERS) : OptionalLong.empty();
    }

    private static boolean isOfAlphabet(byte one) {
        return one >= 'A' && one <= 'Z'
                || one >= 'a' && one <= 'z'
                || one >= '0' && one <= '9'
                || one == '+'
                || one == '/';
    }

    @Override
    public @Nullable String filename() {
        return part.getSubmittedFileName();
    }

    @Override
    public byte[] bytes() throws IOException {
        try (InputStream content = Base64.getMimeDecoder().wrap(part.getInputStream())) {
            return content.readAllBytes();
        }
    }
}
