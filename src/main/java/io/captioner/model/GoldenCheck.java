package io.captioner.model;

import io.captioner.image.Pixels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Has a loaded model reproduce the golden answers of its bundle. */
public final class GoldenCheck {
    private GoldenCheck() {}

    /** How near a model must come to answers that were computed in single precision. */
    public enum Tolerance {
        /** The same kernels up to their order of summation, on other machines about 1e-5: the same words. */
        EXACT(1e-3f),
        /**
         * TF32, float16 and bfloat16: each given word's log-probability is near, and another caption is as good only if
         * its score is near or better.
         */
        REDUCED(0.25f);

        /** Most that a log-probability or score may differ. */
        public final float most;

        Tolerance(float most) {
            this.most = most;
        }
    }

    /** @throws BrokenBundleException if the model answers anything else, or fails */
    public static void check(Path bundle, CaptionModel model, Tolerance tolerance) {
        Path file = bundle.resolve(Bundle.GOLDEN);
        Golden golden = Golden.read(bundle);
        int maxLength = model.manifest().maxLength();
        if (golden.options().maxWords() > maxLength) {
            throw new BrokenBundleException(file, "its captions may be longer than maxLength, " + maxLength);
        }
        List<Pixels> images = GoldenImages.draw(
                golden.seed(), golden.images(), model.manifest().input().preparation());
        List<List<Hypothesis>> beams;
        List<List<Hypothesis>> scored;
        try {
            beams = model.caption(images, golden.options());
            scored = model.score(
                    images, Arrays.stream(golden.tokens()).map(List::of).toList());
        } catch (ModelFailedException e) {
            throw new BrokenBundleException(file, "the model fails on its golden inputs: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BrokenBundleException(file, "its captions are none of this model's: " + e.getMessage(), e);
        }
        for (int i = 0; i < golden.images(); i++) {
            int[] tokens = golden.tokens()[i];
            float[] logProbabilities = golden.logProbabilities()[i];
            Hypothesis caption = answer(beams.get(i), tokens, golden.options());
            Hypothesis given = scored.get(i).get(0);
            if (Arrays.equals(tokens, caption.tokens())) {
                compare(file, "image " + i, logProbabilities, caption, tolerance);
            } else {
                requireAsGood(file, "image " + i, tokens, caption, score(given, golden.options()), tolerance);
            }
            compare(file, "scored image " + i, logProbabilities, given, tolerance);
        }
    }

    /** A later calibration may put other captions of a beam first; what the graph says is the same. */
    private static Hypothesis answer(List<Hypothesis> beam, int[] tokens, DecodeOptions options) {
        return beam.stream()
                .filter(one -> options.consensus() && Arrays.equals(one.tokens(), tokens))
                .findFirst()
                .orElse(beam.get(0));
    }

    private static void requireAsGood(
            Path file, String what, int[] tokens, Hypothesis caption, double goldenScore, Tolerance tolerance) {
        if (tolerance == Tolerance.EXACT || caption.score() < goldenScore - tolerance.most) {
            throw new BrokenBundleException(
                    file,
                    "%s: the model says %s, not %s"
                            .formatted(what, Arrays.toString(caption.tokens()), Arrays.toString(tokens)));
        }
    }

    private static void compare(
            Path file, String what, float[] logProbabilities, Hypothesis answer, Tolerance tolerance) {
        for (int t = 0; t < logProbabilities.length; t++) {
            float difference = Math.abs(logProbabilities[t] - answer.logProbabilities()[t]);
            if (!(difference <= tolerance.most)) {
                throw new BrokenBundleException(
                        file,
                        "%s: word %d has log-probability %s, not %s"
                                .formatted(what, t, answer.logProbabilities()[t], logProbabilities[t]));
            }
        }
    }

    private static double score(Hypothesis caption, DecodeOptions options) {
        return caption.logProbability() / Math.pow(caption.tokens().length + 1, options.lengthPenalty());
    }
}
