package io.captioner.bulk;

import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.trust.Trust;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one photo: its caption, or the reason why it has none. The columns of every bulk output.
 *
 * @param width columns of the upright original, null without a caption
 * @param height rows of the upright original, null without a caption
 * @param caption the sentence
 * @param words the words in order
 * @param logProbability natural-log probability of the whole caption
 * @param confidence as over HTTP: calibrated if the bundle is, or else the geometric mean of the word probabilities
 * @param model name and version, such as {@code show-attend-tell/8}
 * @param bundleSha256 SHA-256 of the bundle's manifest, which holds the hashes of all other files
 * @param options how the caption was searched for
 * @param error why there is no caption; null if there is one
 */
record PhotoCaption(
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable String caption,
        @Nullable List<Hypothesis.Word> words,
        @Nullable Double logProbability,
        @Nullable Double confidence,
        String model,
        String bundleSha256,
        Search options,
        @Nullable Failure error) {
    /** How captions were searched for, the bundle's defaults filled in. */
    record Search(int beamWidth, int maxWords, float lengthPenalty, int noRepeatNgram) {
        static Search of(DecodeOptions options) {
            return new Search(
                    options.beamWidth(), options.maxWords(), options.lengthPenalty(), options.noRepeatNgram());
        }
    }

    /**
     * Why a photo has no caption.
     *
     * @param reason for programs: as over HTTP, or {@code MISSING_FILE}
     * @param message for people
     */
    record Failure(String reason, String message) {}

    /** Which model searches how: what all photos of one output have in common. */
    record Origin(String model, String bundleSha256, Search options) {
        PhotoCaption failed(String reason, String message) {
            return new PhotoCaption(
                    null, null, null, null, null, null, model, bundleSha256, options, new Failure(reason, message));
        }

        /** Returns the caption of a hypothesis with at least one word, the best of those that the search found. */
        PhotoCaption captioned(int width, int height, Hypothesis best, List<Hypothesis> all, CaptionModel model) {
            return new PhotoCaption(
                    width,
                    height,
                    model.vocabulary().sentence(best.tokens()),
                    best.words(model.vocabulary()),
                    (double) best.logProbability(),
                    Trust.of(model, best, all).confidence(),
                    this.model,
                    bundleSha256,
                    options,
                    null);
        }
    }

    Origin origin() {
        return new Origin(model, bundleSha256, options);
    }
}
