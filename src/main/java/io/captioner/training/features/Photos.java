package io.captioner.training.features;

import java.util.List;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.family.TType;

/** The photos of a split as tensors; those returned are the caller's to close. One thread at a time. */
public interface Photos extends AutoCloseable {
    /** Starts to decode the batch of a later step in the background, where that helps. */
    default void prepare(int step, EpochPlan.Batch batch) {}

    /** Returns the input of a training step: each photo of a batch, mirrored and varied. */
    TType varied(int step, EpochPlan.Batch batch);

    /** Returns the input of a training step: photos as they are. */
    TType plain(List<Integer> photos);

    /** Returns annotation vectors of photos as they are, float16 [N, L, D]. */
    TFloat16 features(List<Integer> photos);

    @Override
    default void close() {}
}
