package io.captioner.training.calibration;

import java.util.Arrays;

/**
 * Logistic regression with a quadratic penalty, fitted by Newton's method. Each column is scaled to standard deviation
 * 1 while it is fitted.
 *
 * @param bias added to the weighted sum
 * @param weights by column, of the values as they are given
 */
@SuppressWarnings("ArrayRecordComponent") // fitted once, never changed
record LogisticRegression(double bias, double[] weights) {
    private static final int MAX_STEPS = 100;
    private static final double CONVERGED = 1e-9;

    /**
     * Fits the probability that a row is positive.
     *
     * @param rows at least one, [N][P], finite
     * @param positive [N]
     * @param rowWeights how much each row counts, above 0, [N]
     * @param penalties penalty of each column's weight, above 0, [P]; the more, the nearer to 0
     */
    static LogisticRegression fit(double[][] rows, boolean[] positive, double[] rowWeights, double[] penalties) {
        int columns = penalties.length;
        double[] mean = new double[columns];
        double[] deviation = new double[columns];
        double[][] scaled = scale(rows, mean, deviation);
        double[] w = new double[columns + 1]; // the bias last
        for (int step = 0; step < MAX_STEPS; step++) {
            double[] gradient = new double[columns + 1];
            double[][] hessian = new double[columns + 1][columns + 1];
            for (int c = 0; c < columns; c++) {
                gradient[c] = penalties[c] * w[c];
                hessian[c][c] = penalties[c];
            }
            for (int r = 0; r < scaled.length; r++) {
                double p = sigmoid(dot(scaled[r], w));
                double error = rowWeights[r] * (p - (positive[r] ? 1 : 0));
                double curvature = rowWeights[r] * Math.max(1e-10, p * (1 - p));
                for (int i = 0; i <= columns; i++) {
                    gradient[i] += error * scaled[r][i];
                    double slope = curvature * scaled[r][i];
                    for (int j = 0; j <= i; j++) {
                        hessian[i][j] += slope * scaled[r][j];
                    }
                }
            }
            hessian[columns][columns] += 1e-9; // all rows of one kind leave the bias free
            double[] change = solve(hessian, gradient);
            double largest = 0;
            for (int i = 0; i <= columns; i++) {
                // Newton's method may overshoot from far away.
                double bounded = Math.max(-2, Math.min(2, change[i]));
                w[i] -= bounded;
                largest = Math.max(largest, Math.abs(bounded));
            }
            if (largest < CONVERGED) {
                break;
            }
        }
        return unscaled(w, mean, deviation);
    }

    /** Returns the probability that a row is positive. */
    double of(double[] row) {
        double sum = bias;
        for (int c = 0; c < weights.length; c++) {
            sum += weights[c] * row[c];
        }
        return sigmoid(sum);
    }

    private static double[][] scale(double[][] rows, double[] mean, double[] deviation) {
        for (double[] row : rows) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += row[c] / rows.length;
            }
        }
        for (double[] row : rows) {
            for (int c = 0; c < mean.length; c++) {
                deviation[c] += (row[c] - mean[c]) * (row[c] - mean[c]) / rows.length;
            }
        }
        for (int c = 0; c < mean.length; c++) {
            deviation[c] = deviation[c] < 1e-12 ? 1 : Math.sqrt(deviation[c]);
        }
        double[][] scaled = new double[rows.length][];
        for (int r = 0; r < rows.length; r++) {
            scaled[r] = Arrays.copyOf(rows[r], mean.length + 1);
            for (int c = 0; c < mean.length; c++) {
                scaled[r][c] = (rows[r][c] - mean[c]) / deviation[c];
            }
            scaled[r][mean.length] = 1;
        }
        return scaled;
    }

    private static LogisticRegression unscaled(double[] w, double[] mean, double[] deviation) {
        double[] weights = new double[mean.length];
        double bias = w[mean.length];
        for (int c = 0; c < mean.length; c++) {
            weights[c] = w[c] / deviation[c];
            bias -= weights[c] * mean[c];
        }
        return new LogisticRegression(bias, weights);
    }

    /** Solves a symmetric positive definite system, of which the lower triangle is given, by Cholesky. */
    private static double[] solve(double[][] lower, double[] right) {
        int n = right.length;
        double[][] l = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = lower[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i][k] * l[j][k];
                }
                l[i][j] = i == j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[j][j];
            }
        }
        double[] x = right.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= l[i][k] * x[k];
            }
            x[i] /= l[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= l[k][i] * x[k];
            }
            x[i] /= l[i][i];
        }
        return x;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
