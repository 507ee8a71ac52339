package io.captioner.training.data;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A photo's path as people write it, taken apart for comparison: {@code /} and {@code \} separate, accents are composed
 * (NFC) as on Windows and Linux, and capitals count only where they must.
 *
 * @param parts folders and the file's name, composed
 */
record PhotoName(List<String> parts) {
    private static final Pattern PERCENT = Pattern.compile("%[0-9A-Fa-f]{2}");

    static PhotoName of(String path) {
        return new PhotoName(
                Arrays.stream(Normalizer.normalize(path, Normalizer.Form.NFC).split("[/\\\\]", -1))
                        .filter(part -> !part.isEmpty() && !part.equals(".") && !part.equals(".."))
                        .toList());
    }

    /** Returns what a path in a captions file may mean: itself, then without the percent signs of a URL. */
    static Set<PhotoName> readings(String path) {
        Set<PhotoName> readings = new LinkedHashSet<>();
        readings.add(of(path));
        if (PERCENT.matcher(path).find()) {
            try {
                readings.add(of(URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException percentSignsOfAnotherKind) {
                return readings;
            }
        }
        return readings;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Returns the file's name in small letters. */
    String key() {
        return small(parts.get(parts.size() - 1));
    }

    /** Returns the file's name in small letters, without what follows its last dot. */
    String stem() {
        String key = key();
        int dot = key.lastIndexOf('.');
        return dot <= 0 ? key : key.substring(0, dot);
    }

    /** Returns how many folders, counted from the file's name back, are the same but for capitals. */
    int sharedFolders(PhotoName other) {
        return shared(other, false);
    }

    /** Returns how many parts, counted back from the file's name, are exactly the same. */
    int sharedExactly(PhotoName other) {
        return parts.get(parts.size() - 1).equals(other.parts.get(other.parts.size() - 1))
                ? 1 + shared(other, true)
                : 0;
    }

    private int shared(PhotoName other, boolean exactly) {
        int length = Math.min(parts.size(), other.parts.size());
        for (int i = 1; i < length; i++) {
            String mine = parts.get(parts.size() - 1 - i);
            String its = other.parts.get(other.parts.size() - 1 - i);
            if (!(exactly ? mine.equals(its) : small(mine).equals(small(its)))) {
                return i - 1;
            }
        }
        return length - 1;
    }

    /** Returns whether the folders of one are the last folders of the other. */
    boolean foldersFit(PhotoName other) {
        return sharedFolders(other) == Math.min(parts.size(), other.parts.size()) - 1;
    }

    private static String small(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
