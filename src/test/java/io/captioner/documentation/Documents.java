package io.captioner.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The text files of the repository, without those that are built. */
final class Documents {
    /** The system property with which the tests write the generated documents instead of comparing them. */
    private static final String WRITE = "captioner.docs.write";

    private static final List<String> FOLDERS = List.of(".github", "docs", "examples", "k8s", "models");

    private Documents() {}

    /** Returns all Markdown files, sorted. */
    static List<Path> markdown() throws IOException {
        return all().stream().filter(path -> path.toString().endsWith(".md")).toList();
    }

    /** Returns all text files for readers and operators: documents, manifests, images, examples; not the code. */
    static List<Path> all() throws IOException {
        List<Path> files = below(Path.of(""), 1);
        for (String folder : FOLDERS) {
            files = Stream.concat(files.stream(), below(Path.of(folder), Integer.MAX_VALUE).stream())
                    .toList();
        }
        return files.stream().sorted().toList();
    }

    private static List<Path> below(Path folder, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile)
                    .filter(path ->
                            path.toString().matches(".*(\\.(md|ya?ml|json|py|mjs|java|sh|cff)|Dockerfile|NOTICE)"))
                    .toList();
        }
    }

    /** Returns whether generated documents shall be written. */
    static boolean areToBeWritten() {
        return Boolean.getBoolean(WRITE);
    }

    /** Returns what to do when a generated document is not what it should be. */
    static String howToWrite(Class<?> test) {
        return "regenerate it: ./mvnw test -Dtest=%s -D%s=true".formatted(test.getSimpleName(), WRITE);
    }
}
