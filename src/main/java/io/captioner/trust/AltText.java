package io.captioner.trust;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Captions as alternative texts of pictures: with an upper-case letter first, without a full stop and without "a
 * picture of", and of at most {@value #MAX_LENGTH} characters, since some screen readers stop there.
 */
public final class AltText {
    /** Most characters of an alternative text. */
    public static final int MAX_LENGTH = 125;

    private static final Pattern PICTURE_OF = Pattern.compile(
            "^(?:(?:this|here) is |there is )?(?:(?:a|an|the) )?(?:(?:close|close-up|black and white|blurry|colou?r) )?(?:picture|image|photo|photograph|close-up|view) of ");
    private static final Set<String> NEED_A_SUCCESSOR = Set.of(
            "a", "an", "the", "and", "or", "of", "in", "on", "at", "to", "with", "by", "for", "from", "as", "is", "are",
            "while", "his", "her", "their", "its", "into", "onto", "over", "through");

    private AltText() {}

    /** Returns a caption as an alternative text. */
    public static String of(String caption) {
        String text = caption.strip();
        String without = PICTURE_OF.matcher(text).replaceFirst("");
        text = shortened(without.isBlank() ? text : without);
        while (text.endsWith(".")) {
            text = text.substring(0, text.length() - 1).stripTrailing();
        }
        int first = text.isEmpty() ? 0 : text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT) + text.substring(first);
    }

    /** Cuts behind a word that can be the last. */
    private static String shortened(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        String cut = text.substring(0, MAX_LENGTH + 1);
        int space = cut.lastIndexOf(' ');
        while (space > 0) {
            cut = cut.substring(0, space).stripTrailing();
            space = cut.lastIndexOf(' ');
            if (!NEED_A_SUCCESSOR.contains(cut.substring(space + 1).toLowerCase(Locale.ROOT))) {
                return cut;
            }
        }
        return text.substring(0, text.offsetByCodePoints(0, Math.min(MAX_LENGTH, text.codePointCount(0, MAX_LENGTH))));
    }
}
