package io.captioner.training.features;

/**
 * One caption to learn from.
 *
 * @param photo position of its photo in the feature cache
 * @param words ids without start and end
 */
@SuppressWarnings("ArrayRecordComponent") // one of tens of thousands, never changed
public record Example(int photo, int[] words) {}
