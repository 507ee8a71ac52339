package io.captioner.model;

import io.captioner.files.FileTree;
import io.captioner.files.Sha256;
import java.io.IOException;
import java.nio.file.Path;
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

    /** Where the training photos lie among all photos; optional. */
    public static final String FAMILIARITY = "familiarity.bin";

    /** The training photos' places among them, and what people wrote of them; optional. */
    public static final String NEIGHBOURS = "neighbours.bin";

    /** Which words and pairs of words people are likely to write of an image with a given place; optional. */
    public static final String PHRASES = "phrases.bin";

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
                hashes.put(file.getKey(), Sha256.of(file.getValue().path()));
            }
        }
        return hashes;
    }
}
