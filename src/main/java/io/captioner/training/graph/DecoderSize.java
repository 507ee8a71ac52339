package io.captioner.training.graph;

/**
 * The sizes of a soft-attention decoder.
 *
 * @param vocabulary V, ids including the special tokens
 * @param cells L, annotation vectors of an image
 * @param channels D, length of an encoder's annotation vector
 * @param features P, length of a projected annotation vector
 * @param attention A, units of the alignment model
 * @param embedding E, length of a word's embedding; the output layer shares it
 * @param hidden H, units of the LSTM
 * @param temperature divisor of the alignment scores before the softmax; below 1 sharpens alpha
 */
public record DecoderSize(
        int vocabulary,
        int cells,
        int channels,
        int features,
        int attention,
        int embedding,
        int hidden,
        float temperature) {}
