package io.captioner.batching;

import java.util.List;

/**
 * Runs one batch on the device.
 *
 * @param <K> what the inputs of a batch must have in common
 * @param <I> one input
 * @param <O> one output
 */
@FunctionalInterface
public interface BatchRunner<K, I, O> {
    /**
     * Runs one batch. Called by the batcher's own threads, at most {@link BatchSettings#concurrentBatches()} at a time.
     *
     * @param key what all the inputs have in common
     * @param inputs unmodifiable, as many as one of {@link BatchSettings#allowedSizes()}; the last may be repeated as
     *     padding
     * @return as many outputs as there are inputs, in their order; any other number is a bug and fails the batch
     * @throws RuntimeException if the device fails; the batch is then halved and tried again
     */
    List<O> run(K key, List<I> inputs);
}
