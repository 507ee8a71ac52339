package io.captioner.training.graph;

import io.captioner.training.weights.Precision;

/**
 * How a decoder is trained.
 *
 * @param dropFeatures probability with which a channel of an image's annotation vectors is dropped
 * @param dropEmbedding probability with which a value of a word's embedding is dropped
 * @param dropOutput probability with which a value of the layer before the logits is dropped
 * @param dropWords probability with which a previous word is replaced by the unknown word
 * @param scheduledSampling whether a step may replace previous words by the decoder's own
 * @param labelSmoothing share of the target that is spread over the other words
 * @param doublyStochastic lambda of the doubly stochastic term, section 4.2.1, as a mean over the L places
 * @param entropyWeight weight of the term that keeps attention from being uniform
 * @param entropyTarget entropy of alpha, as a share of ln L, above which that term acts
 * @param clipNorm global norm to which gradients are clipped (Pascanu et al. 2013)
 * @param averageDecay decay of the moving average of the weights that is decoded and exported
 * @param precision what steps are computed in; variables, and decoding for validation, are float32 in any case
 */
public record TrainingSettings(
        float dropFeatures,
        float dropEmbedding,
        float dropOutput,
        float dropWords,
        boolean scheduledSampling,
        float labelSmoothing,
        float doublyStochastic,
        float entropyWeight,
        float entropyTarget,
        float clipNorm,
        float averageDecay,
        Precision precision) {}
