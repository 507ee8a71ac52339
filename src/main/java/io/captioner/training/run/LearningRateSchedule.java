package io.captioner.training.run;

/**
 * The learning rate by step: a linear warm-up, then half a cosine (Loshchilov and Hutter 2017, section 3, one cycle).
 *
 * @param peak the highest rate
 * @param warmupSteps steps until the peak
 * @param totalSteps steps until the rate is {@code floor} of the peak
 * @param floor the last rate as a share of the peak
 */
record LearningRateSchedule(double peak, int warmupSteps, int totalSteps, double floor) {
    /** Returns the rate of a step, counted from 1. */
    float at(int step) {
        double warmup = Math.min(1.0, step / (double) Math.max(1, warmupSteps));
        double progress = Math.min(1.0, (step - 1) / (double) totalSteps);
        return (float) (peak * warmup * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress))));
    }
}
