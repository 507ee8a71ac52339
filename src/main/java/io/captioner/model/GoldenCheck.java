package io.captioner.model;

import io.captioner.image.Pixels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Has a loaded model reproduce the golden answers of its bundle. */
final class GoldenCheck {
    /** Most that a word's log-probability may differ; kernels of other machines differ by about 1e-5. */
    static final float TOLERANCE = 1e-3f;

    private GoldenCheck() {}

    /** @throws BrokenBundleException if the model answers anything else, or fails */
    static void check(Path bundle, CaptionModel model) {
        Path file = bundle.resolve(Bundle.GOLDEN);
        Golden golden = GoldenFile.read(bundle);
        int maxLength = model.manifest().maxLength();
        if (golden.options().maxWords() > maxLength) {
            throw new BrokenBundleException(file, "its captions may be longer than maxLength, " + maxLength);
        }
        List<Pixels> images = GoldenImages.draw(
                golden.seed(), golden.images(), model.manifest().input().size());
        List<Hypothesis> captions;
        List<Hypothesis> scored;
        try {
            captions = model.caption(images, golden.options()).stream()
                    .map(beam -> beam.get(0))
                    .toList();
            scored = model.score(
                    images, captions.stream().map(Hypothesis::tokens).toList());
        } catch (ModelFailedException e) {
            throw new BrokenBundleException(file, "the model fails on its golden inputs: " + e.getMessage(), e);
        }
        for (int i = 0; i < golden.images(); i++) {
            compare(file, "image " + i, golden.tokens()[i], golden.logProbabilities()[i], captions.get(i));
            compare(file, "scored image " + i, golden.tokens()[i], golden.logProbabilities()[i], scored.get(i));
        }
    }

    private static void compare(Path file, String what, int[] tokens, float[] logProbabilities, Hypothesis answer) {
        if (!Arrays.equals(tokens, answer.tokens())) {
            throw new BrokenBundleException(
                    file,
                    "%s: the model says %s, not %s"
                            .formatted(what, Arrays.toString(answer.tokens()), Arrays.toString(tokens)));
        }
        for (int t = 0; t < tokens.length; t++) {
            float difference = Math.abs(logProbabilities[t] - answer.logProbabilities()[t]);
            if (!(difference <= TOLERANCE)) {
                throw new BrokenBundleException(
                        file,
                        "%s: word %d has log-probability %s, not %s"
                                .formatted(what, t, answer.logProbabilities()[t], logProbabilities[t]));
            }
        }
    }
}
