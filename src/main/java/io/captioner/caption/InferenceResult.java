package io.captioner.caption;

import io.captioner.model.Hypothesis;
import java.util.List;

/**
 * The hypotheses of one image, the same for all requests that send it.
 *
 * @param width columns of the upright original
 * @param height rows of the upright original
 * @param hypotheses best first
 */
record InferenceResult(int width, int height, List<Hypothesis> hypotheses) {
    /** Returns about how many bytes of heap it holds. */
    int bytes() {
        int floats = 0;
        for (Hypothesis hypothesis : hypotheses) {
            floats += 32 + 2 * hypothesis.tokens().length;
            for (float[] weights : hypothesis.attention()) {
                floats += 4 + weights.length;
            }
        }
        return 64 + 4 * floats;
    }
}
