package io.captioner.compat.azure;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The words for people without their gender, as {@code gender-neutral-caption=true} asks for. */
final class GenderNeutral {
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("man", "person"),
            Map.entry("woman", "person"),
            Map.entry("men", "people"),
            Map.entry("women", "people"),
            Map.entry("boy", "child"),
            Map.entry("girl", "child"),
            Map.entry("boys", "children"),
            Map.entry("girls", "children"),
            Map.entry("guy", "person"),
            Map.entry("guys", "people"),
            Map.entry("lady", "person"),
            Map.entry("ladies", "people"),
            Map.entry("gentleman", "person"),
            Map.entry("gentlemen", "people"),
            Map.entry("male", "person"),
            Map.entry("female", "person"),
            Map.entry("he", "they"),
            Map.entry("she", "they"),
            Map.entry("his", "their"),
            Map.entry("her", "their"),
            Map.entry("him", "them"),
            Map.entry("himself", "themself"),
            Map.entry("herself", "themself"));
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    private GenderNeutral() {}

    static String of(String caption) {
        return WORD.matcher(caption).replaceAll(GenderNeutral::replace);
    }

    private static String replace(MatchResult word) {
        String neutral = WORDS.get(word.group().toLowerCase(Locale.ROOT));
        if (neutral == null) {
            return word.group();
        }
        return Character.isUpperCase(word.group().charAt(0))
                ? neutral.substring(0, 1).toUpperCase(Locale.ROOT) + neutral.substring(1)
                : neutral;
    }
}
