package io.captioner.model;

/**
 * How words are drawn by chance instead of searched for.
 *
 * @param temperature divisor of the log-probabilities, above 0; 1 draws as the model believes, less is bolder for the
 *     likely words
 * @param topK only so many of the likeliest words may be drawn; 0 for no limit (Fan et al. 2018)
 * @param topP only the likeliest words that together have this probability may be drawn, above 0 to 1; 1 for no limit
 *     (Holtzman et al. 2020)
 * @param seed the same seed draws the same caption of the same image, alone or in any batch
 */
public record Sampling(float temperature, int topK, float topP, int seed) {
    /** @throws IllegalArgumentException if a component is out of its range */
    public Sampling {
        if (!(temperature > 0) || !Float.isFinite(temperature) || topK < 0 || !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "bug: nothing is drawn with temperature %s, top-k %d, top-p %s".formatted(temperature, topK, topP));
        }
    }
}
