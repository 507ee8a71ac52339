package io.captioner.training.report;

/** Round distances between the ticks of an axis. */
public final class Ticks {
    private Ticks() {}

    /** Returns the least of 1, 2, 5, 10 and so on that is not below a distance; 1 if that is not above 0. */
    public static double step(double distance) {
        if (!(distance > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(distance)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= distance) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
