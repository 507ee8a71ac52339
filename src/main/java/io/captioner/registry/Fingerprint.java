package io.captioner.registry;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a directory's files look like from outside: name, size and time of each. Equal while nobody writes there. */
record Fingerprint(Map<String, FileMark> files) {
    /** The size and modification time of one file. */
    record FileMark(long bytes, FileTime modified) {}

    /** Looks at a directory; a file that vanishes meanwhile, and one that cannot be seen, is left out. */
    public static Fingerprint of(Path directory) {
        Map<String, FileMark> files = new TreeMap<>();
        try {
            Files.walkFileTree(
                    directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                            files.put(
                                    directory.relativize(file).toString(),
                                    new FileMark(attributes.size(), attributes.lastModifiedTime()));
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException vanished) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException vanished) {
            // What was seen until then differs from what the next look sees, which is all that is asked.
        }
        return new Fingerprint(Map.copyOf(files));
    }
}
