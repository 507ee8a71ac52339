package io.captioner.model;

import io.captioner.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The files of a bundle directory {@code models/<name>/<version>/}, and their hashes. */
public final class Bundle {
    /** The manifest. */
    public static final String MANIFEST = "captioner.json";

    /** The graph with its weights frozen into it, and its signatures. */
    public static final String GRAPH = "saved_model.pb";

    /** One word a line, line number = id. */
    public static final String VOCABULARY = "vocabulary.txt";

    /** Inputs drawn from a seed, and what the model must answer. */
    public static final String GOLDEN = "golden.json";

    private Bundle() {}

    /**
     * Hashes every file of a bundle but its manifest and clutter.
     *
     * @return SHA-256 in lower-case hexadecimal by file name, relative to the bundle with {@code /} between names
     */
    public static Map<String, String> hashes(Path directory) throws IOException {
        return hashes(FileTree.of(directory));
    }

    static Map<String, String> hashes(FileTree files) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (Map.Entry<String, FileTree.Entry> file : files.files().entrySet()) {
            if (!file.getKey().equals(MANIFEST)) {
                hashes.put(file.getKey(), sha256(file.getValue().path()));
            }
        }
        return hashes;
    }

    /** Returns the SHA-256 of a file in lower-case hexadecimal. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = newDigest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the SHA-256 of a file's bytes in lower-case hexadecimal. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newDigest().digest(bytes));
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("bug: every Java platform has SHA-256", e);
        }
    }
}
