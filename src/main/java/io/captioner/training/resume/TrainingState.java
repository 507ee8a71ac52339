package io.captioner.training.resume;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a training run without its variables.
 *
 * @param run hash of the settings and data that must not change between stop and resume
 * @param phase its objective
 * @param phaseStart complete epochs when the phase began
 * @param phaseStep steps taken when the phase began
 * @param tuned whether the variables are the encoder's too
 * @param step steps taken since the start
 * @param epoch epochs that are complete, with their validation
 * @param epochStart steps taken when the current epoch began
 * @param epochsWithoutGain complete epochs of the phase since the best one
 * @param best the checkpoint with the best validation score so far
 */
public record TrainingState(
        String run,
        Phase phase,
        int phaseStart,
        int phaseStep,
        boolean tuned,
        int step,
        int epoch,
        int epochStart,
        int epochsWithoutGain,
        Best best) {

    /** The phases of a training run, in their order. */
    public enum Phase {
        /** On the cross-entropy of reference captions, with a frozen encoder. */
        CROSS_ENTROPY,
        /** The same, and the encoder is trained with the decoder. */
        FINE_TUNING,
        /** On the CIDEr-D of sampled captions. */
        SELF_CRITICAL
    }

    /**
     * A checkpoint and how it was validated.
     *
     * @param step of the checkpoint; 0 before the first validation
     * @param score CIDEr-D
     * @param ties the scores that decide between equal ones, the most important first
     * @param tuned whether its variables are the encoder's too
     */
    public record Best(int step, double score, List<Double> ties, boolean tuned) {
        /** @param ties null in the checkpoints of older versions */
        public Best(int step, double score, @Nullable List<Double> ties, boolean tuned) {
            this.step = step;
            this.score = score;
            this.ties = ties == null ? List.of() : List.copyOf(ties);
            this.tuned = tuned;
        }

        /** Returns whether there was a validation. */
        public boolean isValidated() {
            return score != Double.NEGATIVE_INFINITY;
        }

        private boolean isWorseThan(double newScore, List<Double> newTies) {
            int order = Double.compare(newScore, score);
            for (int i = 0; order == 0 && i < Math.min(ties.size(), newTies.size()); i++) {
                order = Double.compare(newTies.get(i), ties.get(i));
            }
            return order > 0;
        }
    }

    /** Returns the state before the first step. */
    public static TrainingState initial(String run) {
        return new TrainingState(
                run,
                Phase.CROSS_ENTROPY,
                0,
                0,
                false,
                0,
                0,
                0,
                0,
                new Best(0, Double.NEGATIVE_INFINITY, List.of(), false));
    }

    /**
     * Returns this state, that before the first step, with the validation of the weights that training starts from.
     *
     * @param score CIDEr-D
     * @param ties as of {@link #afterEpoch}
     */
    public TrainingState startingAt(double score, List<Double> ties) {
        return new TrainingState(
                run,
                phase,
                phaseStart,
                phaseStep,
                tuned,
                step,
                epoch,
                epochStart,
                epochsWithoutGain,
                new Best(step, score, ties, tuned));
    }

    /** Returns this state some steps later. */
    public TrainingState atStep(int newStep) {
        return new TrainingState(
                run, phase, phaseStart, phaseStep, tuned, newStep, epoch, epochStart, epochsWithoutGain, best);
    }

    /**
     * Returns this state after the validation of one more epoch. Of epochs with equal scores the earlier is the best.
     *
     * @param score CIDEr-D
     * @param ties the scores that decide between equal ones, the most important first
     */
    public TrainingState afterEpoch(double score, List<Double> ties) {
        boolean gain = best.isWorseThan(score, ties);
        return new TrainingState(
                run,
                phase,
                phaseStart,
                phaseStep,
                tuned,
                step,
                epoch + 1,
                step,
                gain ? 0 : epochsWithoutGain + 1,
                gain ? new Best(step, score, ties, tuned) : best);
    }

    /**
     * Returns this state at the beginning of another phase.
     *
     * @param withEncoder whether the variables are the encoder's too from here on
     */
    public TrainingState inPhase(Phase next, boolean withEncoder) {
        return new TrainingState(run, next, epoch, step, withEncoder, step, epoch, step, 0, best);
    }
}
