package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import io.captioner.training.weights.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TInt32;

/**
 * The best caption that beam search found for one photo.
 *
 * @param words ids without start and end, [T]
 * @param logProbs log-probability of each word, [T]
 * @param finished whether it ended, and was not cut
 * @param attention alpha at each word, [T][L]; empty without attention
 */
@SuppressWarnings("ArrayRecordComponent") // straight from the graph, never changed
public record DecodedCaption(int[] words, float[] logProbs, boolean finished, float[][] attention) {

    /** Takes the first hypothesis of each image out of (tokens, log_probs, attention), [N, K, S] and [N, K, S, L]. */
    static List<DecodedCaption> best(Result result) {
        return all(result).stream().map(hypotheses -> hypotheses.get(0)).toList();
    }

    /** Takes all hypotheses of each image. */
    static List<List<DecodedCaption>> all(Result result) {
        Shape shape = ((TInt32) result.get(0)).shape();
        int images = Math.toIntExact(shape.get(0));
        int beams = Math.toIntExact(shape.get(1));
        int steps = Math.toIntExact(shape.get(2));
        int[] tokens = Tensors.ints(result.get(0));
        float[] logProbs = Tensors.floats(result.get(1));
        float[] attention = Tensors.floats(result.get(2));
        List<List<DecodedCaption>> captions = new ArrayList<>();
        for (int image = 0; image < images; image++) {
            List<DecodedCaption> hypotheses = new ArrayList<>();
            for (int beam = 0; beam < beams; beam++) {
                hypotheses.add(one(tokens, logProbs, attention, (image * beams + beam) * steps, steps));
            }
            captions.add(hypotheses);
        }
        return captions;
    }

    private static DecodedCaption one(int[] tokens, float[] logProbs, float[] attention, int from, int steps) {
        int cells = attention.length / Math.max(1, tokens.length);
        int length = 0;
        while (length < steps && tokens[from + length] != Vocabulary.END && tokens[from + length] != Vocabulary.PAD) {
            length++;
        }
        float[][] alphas = new float[cells == 0 ? 0 : length][];
        for (int t = 0; t < alphas.length; t++) {
            alphas[t] = Arrays.copyOfRange(attention, (from + t) * cells, (from + t + 1) * cells);
        }
        return new DecodedCaption(
                Arrays.copyOfRange(tokens, from, from + length),
                Arrays.copyOfRange(logProbs, from, from + length),
                length < steps && tokens[from + length] == Vocabulary.END,
                alphas);
    }
}
