package io.captioner.model;

/**
 * How words are sampled.
 *
 * @param temperature divisor of the log-probabilities, above 0; 1 samples from the model's distribution, less favours
 *     probable words
 * @param topK number of most probable words that are sampled from; 0 for no limit (Fan et al. 2018)
 * @param topP total probability of the most probable words that are sampled from, above 0 to 1; 1 for no limit
 *     (Holtzman et al. 2020)
 * @param seed the same seed samples the same caption of the same image, alone or in any batch
 */
public record Sampling(float temperature, int topK, float topP, int seed) {
    /** @throws IllegalArgumentException if a component is out of its range */
    public Sampling {
        if (!(temperature > 0) || !Float.isFinite(temperature) || topK < 0 || !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "bug: no sampling with temperature %s, top-k %d, top-p %s".formatted(temperature, topK, topP));
        }
    }
}
