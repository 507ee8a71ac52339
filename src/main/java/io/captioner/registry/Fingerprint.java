package io.captioner.registry;

import io.captioner.files.FileTree;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;

/** The files of a directory without clutter: name, size and time of each. Equal while none of them is written. */
record Fingerprint(Map<String, FileMark> files) {
    /** The size and modification time of one file. */
    record FileMark(long bytes, FileTime modified) {
        /** What is passed over as unreadable: it changes the fingerprint when it becomes readable. */
        static final FileMark UNREADABLE = new FileMark(-1, FileTime.fromMillis(0));
    }

    /** Lists a directory; a file that vanishes meanwhile is left out. */
    public static Fingerprint of(Path directory) {
        Map<String, FileMark> files = new TreeMap<>();
        try {
            FileTree tree = FileTree.of(directory);
            tree.files()
                    .forEach((name, file) -> files.put(
                            name,
                            new FileMark(
                                    file.attributes().size(), file.attributes().lastModifiedTime())));
            tree.passedOver().faulty().keySet().forEach(name -> files.put(name, FileMark.UNREADABLE));
        } catch (NoSuchFileException vanished) {
            // Like an empty one.
        } catch (IOException unreadable) {
            files.put("", FileMark.UNREADABLE);
        }
        return new Fingerprint(Map.copyOf(files));
    }
}
