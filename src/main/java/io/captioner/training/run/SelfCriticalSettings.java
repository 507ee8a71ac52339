package io.captioner.training.run;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Self-critical sequence training with CIDEr-D and BLEU-4 as reward, from the best weights so far on; see
 * {@link SelfCritical}.
 *
 * @param epochs most passes over the training photos; 0 for no such phase. It raises CIDEr-D and makes captions more
 *     alike
 * @param learningRate learning rate of every step
 * @param samples captions sampled of each photo, 2 to 64; each is compared with the mean of the others, and a step
 *     takes as many photos as make a batch of captions. More gives a steadier reward with fewer photos in a step
 * @param topP total probability of the most probable words that are sampled from, above 0 to 1; 1 for all words. More
 *     tries more, and teaches the decoder to avoid improbable words rather than to choose among probable ones
 * @param bleuWeight what BLEU-4, 0 to 1, is multiplied by before it is added to CIDEr-D; more keeps sentences whole, at
 *     some cost in CIDEr-D
 */
record SelfCriticalSettings(
        @DefaultValue("0") @Min(0) int epochs,
        @DefaultValue("2e-5") @Positive double learningRate,
        @DefaultValue("5") @Min(2) @Max(64) int samples,

        @DefaultValue("1") @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") float topP,

        @DefaultValue("0.5") @DecimalMin("0") double bleuWeight) {}
