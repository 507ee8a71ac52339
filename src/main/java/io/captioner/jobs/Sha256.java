package io.captioner.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a large file, with progress. */
public final class Sha256 {
    private static final int BUFFER = 1_000_000;

    private Sha256() {}

    /** Returns it in lower-case hexadecimal. */
    public static String of(Path file, Progress progress) throws IOException {
        try (InputStream bytes = Files.newInputStream(file);
                Progress.Task task = progress.start("hash (MB)", Files.size(file) / BUFFER)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER];
            for (int read = bytes.readNBytes(buffer, 0, BUFFER); read > 0; read = bytes.readNBytes(buffer, 0, BUFFER)) {
                digest.update(buffer, 0, read);
                task.step(read / BUFFER, "");
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("bug: every Java platform has SHA-256", e);
        }
    }
}
