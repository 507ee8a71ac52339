package io.captioner.trust;

import io.captioner.text.CaptionTokenizer;
import io.captioner.trust.Trust.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * English captions in words that say how sure they are: readers believe a fluent sentence, and doubt one that first
 * says that it may be wrong. A caption of high confidence is written plainly. Of medium confidence, "possibly" stands
 * before the phrase of the one word that carries the doubt, or "perhaps" before all; of low confidence, the chance of
 * an error comes first.
 */
public final class Hedge {
    private static final String POSSIBLY = "possibly";
    private static final String POSSESSIVE = "'s";
    private static final String MEDIUM = "Perhaps ";
    private static final String LOW = "This may be wrong: ";

    /** A word that is less probable than this may carry the doubt. */
    private static final double DOUBTFUL = 0.35;

    /** Share of the doubt of all content words that one of them must have to carry it. */
    private static final double MOST_OF_IT = 0.4;

    /** Words between a determiner and its noun, at most. */
    private static final int MODIFIERS = 3;

    private static final Set<String> DETERMINERS = Set.of(
            "a", "an", "the", "his", "her", "their", "its", "some", "one", "two", "three", "four", "five", "several",
            "many", "another", "other");
    private static final Set<String> FUNCTION_WORDS = Set.of(
            "of",
            "in",
            "on",
            "at",
            "to",
            "by",
            "with",
            "and",
            "or",
            "is",
            "are",
            "was",
            "were",
            "as",
            "while",
            "for",
            "from",
            "into",
            "onto",
            "over",
            "through",
            "near",
            "next",
            "up",
            "down",
            "out",
            "off",
            "that",
            "who",
            "which",
            POSSESSIVE,
            "it",
            "he",
            "she",
            "they",
            "there",
            "this",
            "be",
            "being",
            "has",
            "have",
            "behind",
            "under",
            "above",
            "across",
            "along",
            "around",
            "against",
            "between",
            "during",
            "beside");

    private Hedge() {}

    /**
     * Returns a caption with its hedge.
     *
     * @param words of the caption, at least one
     * @param probabilities of the words
     * @param trust in the caption
     * @param language BCP 47 tag of the caption; null if it is not known
     * @return null without a level, and in another language than English
     */
    public static @Nullable String of(
            List<String> words, List<Double> probabilities, Trust trust, @Nullable String language) {
        Level level = trust.level();
        if (level == null || !isEnglish(language)) {
            return null;
        }
        String plain = CaptionTokenizer.sentence(words);
        int doubted = doubted(words, probabilities, trust.wordAgreement());
        return switch (level) {
            case HIGH -> plain;
            case MEDIUM -> doubted < 0 ? MEDIUM + plain : possibly(words, doubted);
            case LOW -> LOW + possibly(words, Math.max(0, doubted));
        };
    }

    /** Returns whether a BCP 47 tag is of English. */
    public static boolean isEnglish(@Nullable String language) {
        return language != null && language.toLowerCase(Locale.ROOT).matches("en(-.*)?");
    }

    /** Returns where the phrase of the word begins that carries the doubt; -1 if none carries most of it. */
    private static int doubted(List<String> words, List<Double> probabilities, List<Double> agreement) {
        double total = 0;
        double most = 0;
        int at = -1;
        int content = 0;
        for (int i = 0; i < words.size(); i++) {
            if (!isContent(words.get(i))) {
                continue;
            }
            content++;
            double doubt = -Math.log(Math.max(1e-9, probabilities.get(i)));
            total += doubt;
            boolean agreed = !agreement.isEmpty() && agreement.get(i) >= 1;
            if (doubt > most && probabilities.get(i) < DOUBTFUL && !agreed) {
                most = doubt;
                at = i;
            }
        }
        return content >= 2 && at >= 0 && most >= MOST_OF_IT * total ? phrase(words, at) : -1;
    }

    /** Returns where the phrase of a word begins: at its determiner, or at the word itself. */
    private static int phrase(List<String> words, int word) {
        for (int i = word - 1; i >= 0 && i >= word - 1 - MODIFIERS; i--) {
            if (DETERMINERS.contains(words.get(i))) {
                return i;
            }
            if (FUNCTION_WORDS.contains(words.get(i)) && !words.get(i).equals(POSSESSIVE)) {
                return word;
            }
        }
        return word;
    }

    private static String possibly(List<String> words, int before) {
        List<String> hedged = new ArrayList<>(words);
        hedged.add(before, POSSIBLY);
        return CaptionTokenizer.sentence(hedged);
    }

    private static boolean isContent(String word) {
        return !DETERMINERS.contains(word) && !FUNCTION_WORDS.contains(word);
    }
}
