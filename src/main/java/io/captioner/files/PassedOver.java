package io.captioner.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;

/** What is left out of a folder, with the reason of each: one line of the log. For one thread. */
public final class PassedOver {
    private static final int NAMED = 5;

    private final SortedMap<String, String> faulty = new TreeMap<>();
    private final SortedSet<String> clutter = new TreeSet<>();

    /**
     * Adds a file or folder that is clutter by its name.
     *
     * @param name relative to the folder
     * @param readable whether it could be read
     */
    public void addClutter(String name, boolean readable) {
        if (readable) {
            clutter.add(name);
        } else {
            add(name, "access denied");
        }
    }

    /**
     * Adds a file or folder with the reason.
     *
     * @param name relative to the folder
     * @param reason a few words, such as {@code access denied}
     */
    public void add(String name, String reason) {
        faulty.put(name, reason);
    }

    /** Returns the reasons by name, without clutter; sorted, a view. */
    public Map<String, String> faulty() {
        return faulty;
    }

    /** Writes the line, a warning unless all of it is clutter; nothing if nothing was passed over. */
    public void log(Logger log, Path folder) {
        if (!faulty.isEmpty()) {
            log.warn("below {}: passed over {}", folder, this);
        } else if (!clutter.isEmpty()) {
            log.info("below {}: passed over {}", folder, this);
        }
    }

    /** Returns the count and the first names, those with a reason first. */
    @Override
    public String toString() {
        List<String> names = new ArrayList<>();
        faulty.forEach((name, reason) -> names.add("%s (%s)".formatted(name, reason)));
        names.addAll(clutter);
        String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        String line = "%d: %s%s".formatted(names.size(), first, names.size() > NAMED ? ", ..." : "");
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
