package io.captioner.training.calibration;

import io.captioner.training.weights.Tensors;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatrixSolveLs;
import org.tensorflow.types.TFloat32;

/** Linear least squares with a penalty on the squares of the slopes, and none on the constants. */
final class RidgeRegression {
    /** Weight of the penalty for each observation. */
    private static final double PENALTY = 5e-4;

    private RidgeRegression() {}

    /**
     * Returns the slopes of the function of x for each y, [G][K].
     *
     * @param x [N][K]
     * @param y [N][G]
     */
    static float[][] slopes(float[][] x, float[][] y) {
        int width = x[0].length;
        int count = y[0].length;
        if (count == 0) {
            return new float[0][];
        }
        try (Graph graph = new Graph();
                Session session = new Session(graph);
                TFloat32 given = Tensors.of(Shape.of(x.length, width), centred(x));
                TFloat32 wanted = Tensors.of(Shape.of(y.length, count), centred(y))) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> left = tf.placeholder(TFloat32.class);
            Placeholder<TFloat32> right = tf.placeholder(TFloat32.class);
            MatrixSolveLs<TFloat32> solution = tf.linalg.matrixSolveLs(left, right, tf.constant(PENALTY * x.length));
            try (Result result = session.runner()
                    .feed(left, given)
                    .feed(right, wanted)
                    .fetch(solution)
                    .run()) {
                float[] flat = Tensors.floats(result.get(0)); // [K, G]
                float[][] slopes = new float[count][width];
                for (int g = 0; g < count; g++) {
                    for (int k = 0; k < width; k++) {
                        slopes[g][k] = flat[k * count + g];
                    }
                }
                return slopes;
            }
        }
    }

    /** Subtracts the mean row; returns the rows one after the other. */
    private static float[] centred(float[][] rows) {
        int width = rows[0].length;
        double[] mean = new double[width];
        for (float[] row : rows) {
            for (int i = 0; i < width; i++) {
                mean[i] += (double) row[i] / rows.length;
            }
        }
        float[] centred = new float[rows.length * width];
        for (int n = 0; n < rows.length; n++) {
            for (int i = 0; i < width; i++) {
                centred[n * width + i] = (float) (rows[n][i] - mean[i]);
            }
        }
        return centred;
    }
}
