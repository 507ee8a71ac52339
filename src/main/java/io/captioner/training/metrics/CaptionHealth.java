package io.captioner.training.metrics;

import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Repetition;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Measures of a set of captions without references: variety, repetition and unfinished sentences.
 *
 * @param captions how many captions there are
 * @param distinctCaptionShare how many different captions there are for each caption, above 0 to 1
 * @param distinctWords how many different words the captions use together
 * @param repetitionShare the share of captions in which a run of words is followed at once by itself, 0 to 1
 * @param danglingShare the share of captions that end in an article, a conjunction or another word that needs a
 *     successor, 0 to 1
 * @param meanWords the mean number of words of a caption
 */
public record CaptionHealth(
        int captions,
        double distinctCaptionShare,
        int distinctWords,
        double repetitionShare,
        double danglingShare,
        double meanWords) {
    /** Words that hardly ever end a whole caption; adverb-like prepositions ("looks on") are not among them. */
    private static final Set<String> NEED_A_SUCCESSOR = Set.of(
            "a", "an", "the", "and", "or", "but", "while", "as", "of", "with", "at", "to", "for", "from", "into",
            "onto", "in", "is", "are", "was", "were", "his", "their", "its", "'s", "very", "that", "who", "which",
            "between");

    /**
     * Measures captions as written; letter case and punctuation do not count.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static CaptionHealth of(Collection<String> captions) {
        if (captions.isEmpty()) {
            throw new IllegalArgumentException("there is no caption to measure");
        }
        List<List<String>> tokenized =
                captions.stream().map(CaptionTokenizer::words).toList();
        Set<String> words = new HashSet<>();
        tokenized.forEach(words::addAll);
        double count = tokenized.size();
        return new CaptionHealth(
                tokenized.size(),
                new HashSet<>(tokenized).size() / count,
                words.size(),
                tokenized.stream().filter(Repetition::isIn).count() / count,
                tokenized.stream().filter(CaptionHealth::dangles).count() / count,
                tokenized.stream().mapToInt(List::size).sum() / count);
    }

    private static boolean dangles(List<String> words) {
        return !words.isEmpty() && NEED_A_SUCCESSOR.contains(words.get(words.size() - 1));
    }
}
