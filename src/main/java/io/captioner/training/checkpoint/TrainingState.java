package io.captioner.training.checkpoint;

/**
 * Where a training run stands, beside its variables.
 *
 * @param run hash of the settings and data that must not change between stop and resume
 * @param step steps taken since the start
 * @param epoch epochs that are complete, with their validation
 * @param bestStep step of the checkpoint with the best validation score; 0 before the first validation
 * @param bestScore that score, CIDEr-D
 * @param epochsWithoutGain complete epochs since then
 */
public record TrainingState(String run, int step, int epoch, int bestStep, double bestScore, int epochsWithoutGain) {

    /** Returns the state before the first step. */
    public static TrainingState initial(String run) {
        return new TrainingState(run, 0, 0, 0, Double.NEGATIVE_INFINITY, 0);
    }

    /** Returns this state some steps later. */
    public TrainingState atStep(int newStep) {
        return new TrainingState(run, newStep, epoch, bestStep, bestScore, epochsWithoutGain);
    }

    /** Returns this state after the validation of one more epoch. */
    public TrainingState afterEpoch(double score) {
        return score > bestScore
                ? new TrainingState(run, step, epoch + 1, step, score, 0)
                : new TrainingState(run, step, epoch + 1, bestStep, bestScore, epochsWithoutGain + 1);
    }
}
