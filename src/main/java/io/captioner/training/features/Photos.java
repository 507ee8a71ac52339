package io.captioner.training.features;

import java.util.List;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.family.TType;

/** The photos of a split as tensors; those returned are the caller's to close. One thread at a time. */
public interface Photos extends AutoCloseable {
    /** May be told which batch a step is going to ask for, so that it is ready by then. */
    default void prepare(int step, EpochPlan.Batch batch) {}

    /** Returns what a training step is given: each photo of a batch, mirrored and varied as it is to be seen. */
    TType varied(int step, EpochPlan.Batch batch);

    /** Returns what a training step is given: photos as they are. */
    TType plain(List<Integer> photos);

    /** Returns annotation vectors of photos as they are, float16 [N, L, D]. */
    TFloat16 features(List<Integer> photos);

    @Override
    default void close() {}
}
