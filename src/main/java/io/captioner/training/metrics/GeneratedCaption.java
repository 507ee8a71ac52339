package io.captioner.training.metrics;

import io.captioner.attention.AttentionGrid;
import java.util.Arrays;
import java.util.List;

/**
 * A caption of a model, with the attention of each word.
 *
 * @param text as it is shown
 * @param words its words in order
 * @param attention a map for each word, or none if the model has no attention
 */
public record GeneratedCaption(String text, List<String> words, List<AttentionGrid> attention) {
    /** @throws IllegalArgumentException if there are maps, but not one for each word */
    public GeneratedCaption {
        words = List.copyOf(words);
        attention = List.copyOf(attention);
        if (!attention.isEmpty() && attention.size() != words.size()) {
            throw new IllegalArgumentException(
                    "bug: %d attention maps for %d words".formatted(attention.size(), words.size()));
        }
    }

    /** Takes the weights of each word, [words][rows * columns], row by row. */
    public static GeneratedCaption of(String text, List<String> words, float[][] weights, int rows, int columns) {
        return new GeneratedCaption(
                text,
                words,
                Arrays.stream(weights)
                        .map(map -> new AttentionGrid(map, rows, columns))
                        .toList());
    }
}
