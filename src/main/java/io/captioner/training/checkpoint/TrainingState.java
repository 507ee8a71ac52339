package io.captioner.training.checkpoint;

/**
 * Where a training run stands, beside its variables.
 *
 * @param run hash of the settings and data that must not change between stop and resume
 * @param phase what it trains towards
 * @param phaseStart complete epochs when the phase began
 * @param step steps taken since the start
 * @param epoch epochs that are complete, with their validation
 * @param epochStart steps taken when the current epoch began
 * @param bestStep step of the checkpoint with the best validation score; 0 before the first validation
 * @param bestScore that score, CIDEr-D
 * @param epochsWithoutGain complete epochs of the phase since then
 */
public record TrainingState(
        String run,
        Phase phase,
        int phaseStart,
        int step,
        int epoch,
        int epochStart,
        int bestStep,
        double bestScore,
        int epochsWithoutGain) {

    /** Returns the state before the first step. */
    public static TrainingState initial(String run) {
        return new TrainingState(run, Phase.CROSS_ENTROPY, 0, 0, 0, 0, 0, Double.NEGATIVE_INFINITY, 0);
    }

    /** Returns this state some steps later. */
    public TrainingState atStep(int newStep) {
        return new TrainingState(
                run, phase, phaseStart, newStep, epoch, epochStart, bestStep, bestScore, epochsWithoutGain);
    }

    /** Returns this state after the validation of one more epoch. */
    public TrainingState afterEpoch(double score) {
        return score > bestScore
                ? new TrainingState(run, phase, phaseStart, step, epoch + 1, step, step, score, 0)
                : new TrainingState(
                        run, phase, phaseStart, step, epoch + 1, step, bestStep, bestScore, epochsWithoutGain + 1);
    }

    /** Returns this state at the beginning of another phase. */
    public TrainingState inPhase(Phase next) {
        return new TrainingState(run, next, epoch, step, epoch, step, bestStep, bestScore, 0);
    }
}
