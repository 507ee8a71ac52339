package io.captioner.training.run;

import io.captioner.training.graph.TrainingGraph.StepResult;
import java.util.List;
import java.util.Map;

/** What a phase of training is towards: its epochs, and the steps of each. */
interface Objective {
    /** Returns how many epochs the phase has at most. */
    int epochs();

    /**
     * Returns the steps of an epoch: the same for the same number, so that a resumed run goes on with what it left.
     *
     * @param number of the epoch, counted over all phases
     */
    List<Step> epoch(int number);

    /** One step, not yet taken. */
    interface Step {
        /** May be told that it is the next to be taken, so that it reads what it needs meanwhile. */
        default void prepare(int number) {}

        /**
         * Takes it.
         *
         * @param number of the step, counted from 1 over all phases
         */
        Taken take(int number);

        /** Returns what it is given, for people who look for a fault in it: a map for each caption. */
        List<Map<String, Object>> describe();
    }

    /** A step that was taken. */
    record Taken(StepResult result, float learningRate) {}
}
