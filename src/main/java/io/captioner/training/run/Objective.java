package io.captioner.training.run;

import io.captioner.training.graph.TrainingGraph.StepResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The objective of a training phase: its epochs, and the steps of each. */
interface Objective {
    /** Returns how many epochs the phase has at most. */
    int epochs();

    /**
     * Returns the steps of an epoch: the same for the same number, so that a resumed run continues with the steps that
     * are left.
     *
     * @param number of the epoch, counted over all phases
     */
    List<Step> epoch(int number);

    /** One step, not yet taken. */
    interface Step {
        /** Starts to read the inputs of the step in the background; called before {@link #take}, perhaps. */
        default void prepare(int number) {}

        /**
         * Takes it.
         *
         * @param number of the step, counted from 1 over all phases
         */
        Taken take(int number);

        /** Returns the inputs of the step for the search of a fault: a map for each caption. */
        List<Map<String, Object>> describe();
    }

    /**
     * A step that was taken.
     *
     * @param reward mean of the captions that were sampled; null where none are
     */
    record Taken(
            StepResult result, float learningRate, @Nullable Double reward) {}
}
