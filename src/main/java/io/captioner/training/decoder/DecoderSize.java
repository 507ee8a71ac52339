package io.captioner.training.decoder;

/**
 * The sizes of a decoder. Those that a kind of decoder has no use for are ignored by it.
 *
 * @param vocabulary V, ids including the special tokens
 * @param cells L, annotation vectors of an image; 1 for a pooled encoder
 * @param channels D, length of an encoder's annotation vector
 * @param features P, length of a projected annotation vector, or of the image's bottleneck
 * @param attention A, units of the alignment model
 * @param embedding E, length of a word's embedding
 * @param hidden H, units of the recurrent layer
 * @param output O, units of the layer before the logits, where it is not as wide as an embedding
 * @param temperature divisor of the alignment scores before the softmax; below 1 sharpens alpha
 * @param unused ids at the end of the vocabulary that are no words: their logits count, but they are never chosen
 */
public record DecoderSize(
        int vocabulary,
        int cells,
        int channels,
        int features,
        int attention,
        int embedding,
        int hidden,
        int output,
        float temperature,
        int unused) {}
