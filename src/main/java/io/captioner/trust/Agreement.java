package io.captioner.trust;

import io.captioner.model.Hypothesis;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The share of a search's captions that keep each word of one of them: those of the beam, or those that were sampled.
 * The n-th occurrence of a word counts as kept by a caption that has the word n times.
 *
 * @param words share by word, above 0 to 1, [T]; the caption itself is among those counted
 */
@SuppressWarnings("ArrayRecordComponent") // computed once, never changed
public record Agreement(double[] words) {
    /**
     * Compares a caption with all that were found for its image.
     *
     * @param all captions of the image, the given one among them; those without words do not count
     * @return null if there are fewer than two to compare, or the caption has no words
     */
    public static @Nullable Agreement of(Hypothesis caption, List<Hypothesis> all) {
        List<Hypothesis> compared =
                all.stream().filter(one -> one.tokens().length > 0).toList();
        int[] tokens = caption.tokens();
        if (compared.size() < 2 || tokens.length == 0) {
            return null;
        }
        double[] shares = new double[tokens.length];
        for (int t = 0; t < tokens.length; t++) {
            int token = tokens[t];
            long occurrence = count(tokens, t + 1, token);
            shares[t] = compared.stream()
                            .filter(other -> count(other.tokens(), other.tokens().length, token) >= occurrence)
                            .count()
                    / (double) compared.size();
        }
        return new Agreement(shares);
    }

    /** Returns the mean over the words. */
    public double mean() {
        return Arrays.stream(words).average().orElse(1);
    }

    /** Returns the share of the word that the fewest captions keep. */
    public double least() {
        return Arrays.stream(words).min().orElse(1);
    }

    private static long count(int[] tokens, int first, int token) {
        return Arrays.stream(tokens, 0, first).filter(one -> one == token).count();
    }
}
