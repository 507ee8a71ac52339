package io.captioner.training.calibration;

import io.captioner.model.Familiarity;
import io.captioner.training.weights.Tensors;
import java.util.Arrays;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.linalg.SelfAdjointEig;
import org.tensorflow.types.TFloat32;

/** Finds the main axes of training photos among their mean annotation vectors. */
final class TrainingSpace {
    /** Quantiles of the held-out photos' distances that are kept. */
    private static final int QUANTILES = 201;

    private TrainingSpace() {}

    /**
     * Computes the constants of {@link Familiarity}.
     *
     * @param training mean annotation vectors of training photos, [N][D], N at least 2
     * @param heldOut those of photos of the same kind that were not trained on, at least 2
     * @param mostAxes most axes that are kept; no more than a quarter of N
     */
    static Familiarity of(float[][] training, float[][] heldOut, int mostAxes) {
        int width = training[0].length;
        float[] mean = new float[width];
        for (int d = 0; d < width; d++) {
            int column = d;
            mean[d] = (float) Arrays.stream(training)
                    .mapToDouble(photo -> photo[column])
                    .average()
                    .orElse(0);
        }
        int count = Math.max(1, Math.min(Math.min(mostAxes, width), training.length / 4));
        Axes axes = axes(training, mean, count);
        Familiarity unmeasured = new Familiarity(mean, axes.scaled(), axes.rest(), new float[] {0, 1});
        float[] distances = new float[heldOut.length];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = (float) Familiarity.distance(unmeasured.position(heldOut[i]));
        }
        Arrays.sort(distances);
        float[] quantiles = new float[Math.min(QUANTILES, distances.length)];
        for (int q = 0; q < quantiles.length; q++) {
            quantiles[q] = distances[(int) ((long) q * (distances.length - 1) / (quantiles.length - 1))];
        }
        return new Familiarity(mean, axes.scaled(), axes.rest(), quantiles);
    }

    /**
     * The main axes.
     *
     * @param scaled each divided by the standard deviation along it, [K][D]
     * @param rest root mean squared distance from their space
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record Axes(float[][] scaled, float rest) {}

    private static Axes axes(float[][] training, float[] mean, int count) {
        int width = mean.length;
        float[] centred = new float[training.length * width];
        for (int i = 0, at = 0; i < training.length; i++) {
            for (int d = 0; d < width; d++) {
                centred[at++] = (training[i][d] - mean[d]) / (float) Math.sqrt(training.length);
            }
        }
        try (Graph graph = new Graph();
                Session session = new Session(graph);
                TFloat32 photos =
                        TFloat32.tensorOf(Shape.of(training.length, width), DataBuffers.of(centred, true, false))) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> input = tf.placeholder(TFloat32.class);
            Operand<TFloat32> covariance = tf.linalg.matMul(input, input, MatMul.transposeA(true));
            SelfAdjointEig<TFloat32> eigen = tf.linalg.selfAdjointEig(covariance);
            try (Result result = session.runner()
                    .feed(input, photos)
                    .fetch(eigen.e())
                    .fetch(eigen.v())
                    .run()) {
                return scaled(Tensors.floats(result.get(0)), Tensors.floats(result.get(1)), count);
            }
        }
    }

    /** Takes the last of the eigenvalues, which ascend, [D], and of the eigenvectors in columns, [D, D]. */
    private static Axes scaled(float[] variances, float[] vectors, int count) {
        int width = variances.length;
        double total = 0;
        for (float variance : variances) {
            total += Math.max(0, variance);
        }
        float[][] axes = new float[count][width];
        double inside = 0;
        for (int k = 0; k < count; k++) {
            int column = width - 1 - k;
            double variance = Math.max(1e-12, variances[column]);
            inside += Math.max(0, variances[column]);
            for (int d = 0; d < width; d++) {
                axes[k][d] = (float) (vectors[d * width + column] / Math.sqrt(variance));
            }
        }
        return new Axes(axes, (float) Math.sqrt(Math.max(1e-9 * Math.max(total, 1), total - inside)));
    }
}
