package io.captioner.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntConsumer;

/** The SHA-256 of files and bytes, in lower-case hexadecimal. */
public final class Sha256 {
    private static final int BUFFER = 1_000_000;

    private Sha256() {}

    /** Returns a new digest. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("bug: every Java platform has SHA-256", e);
        }
    }

    /** Returns the hash of bytes. */
    public static String of(byte[] bytes) {
        return hex(digest().digest(bytes));
    }

    /** Returns the hash of a file. */
    public static String of(Path file) throws IOException {
        return of(file, read -> {});
    }

    /**
     * Returns the hash of a large file.
     *
     * @param read takes the number of bytes of each part, after it is hashed
     */
    public static String of(Path file, IntConsumer read) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            MessageDigest digest = digest();
            byte[] buffer = new byte[BUFFER];
            for (int n = bytes.readNBytes(buffer, 0, BUFFER); n > 0; n = bytes.readNBytes(buffer, 0, BUFFER)) {
                digest.update(buffer, 0, n);
                read.accept(n);
            }
            return hex(digest.digest());
        }
    }

    /** Returns a finished hash in hexadecimal. */
    public static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }
}
