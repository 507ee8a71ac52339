package io.captioner.caption;

import io.captioner.caption.CaptionListener.Source;
import io.captioner.model.DecodeOptions;
import io.captioner.trust.Trust;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request: the captions of each image, in the order the images were sent.
 *
 * @param model which model wrote the captions
 * @param options how they were searched for
 * @param results one for each image
 * @param timing where the time went
 */
public record CaptionResponse(Model model, DecodeOptions options, List<CaptionedImage> results, Timing timing) {
    /** Returns this response with other results. */
    public CaptionResponse with(List<CaptionedImage> others) {
        return new CaptionResponse(model, options, others, timing);
    }

    /**
     * Which model it was.
     *
     * @param bundleSha256 SHA-256 of the bundle's manifest, which holds the hashes of all other files
     * @param device where it runs, {@code cpu} or the GPUs that hold a copy
     */
    public record Model(String name, String version, String bundleSha256, String device) {}

    /**
     * One image and its captions.
     *
     * @param filename the name that the sender gave it, null for none
     * @param width columns of the upright original
     * @param height rows of the upright original
     * @param source what the captions were taken from; they are the same from every source
     * @param captions best first, at least one
     * @param archiveId of its entry in the archive, null if none is known to be there
     */
    public record CaptionedImage(
            @Nullable String filename,
            int width,
            int height,
            Source source,
            List<Caption> captions,
            @Nullable String archiveId) {
        /** Returns this image with the id of its entry in the archive. */
        public CaptionedImage archived(String id) {
            return new CaptionedImage(filename, width, height, source, captions, id);
        }
    }

    /**
     * One caption.
     *
     * @param text the sentence; null if its confidence is too low
     * @param logProbability natural-log probability of the whole caption
     * @param trust how far it can be trusted
     * @param hedgedText the sentence with words that say how sure it is; null if the bundle is not calibrated, or not
     *     English
     * @param abstained why there is no text; null if there is one
     * @param words the words in order, at least one
     */
    public record Caption(
            @Nullable String text,
            double logProbability,
            Trust trust,
            @Nullable String hedgedText,
            @Nullable String abstained,
            List<Word> words) {
        /** Returns the confidence, 0 to 1. */
        public double confidence() {
            return trust.confidence();
        }

        /** Returns the sentence or, if there is none, why, for people. */
        public String textOrReason() {
            return text == null ? Objects.requireNonNullElse(abstained, "") : text;
        }
    }

    /**
     * One word.
     *
     * @param word the word as the vocabulary writes it
     * @param probability given the image and the words before it, 0 to 1
     * @param agreement share of the search's captions that keep it; null if the search found one caption
     * @param attention where the model looked, null if not asked for or if the model has no attention
     */
    public record Word(
            String word,
            double probability,
            @Nullable Double agreement,
            @Nullable Attention attention) {}

    /**
     * Where the model looked when it chose a word, in pixels of the upright original.
     *
     * @param peak the place with most weight
     * @param box the smallest rectangle of cells that holds half of the weight
     * @param entropy of the weights over ln(cells): 0 if all is in one cell, 1 if all cells have the same
     * @param grid all weights, null if not asked for
     */
    public record Attention(
            Point peak, Box box, double entropy, @Nullable Grid grid) {}

    /** A place in the upright original. */
    public record Point(int x, int y) {}

    /** A rectangle in the upright original: its top-left corner and its size. */
    public record Box(int x, int y, int width, int height) {}

    /**
     * The attention weights.
     *
     * @param rows of the grid, top first
     * @param columns of the grid, left first
     * @param weights one list a row, summing to 1 together
     */
    public record Grid(int rows, int columns, List<List<Double>> weights) {}

    /**
     * Where the time of a request went, in milliseconds.
     *
     * @param queue longest wait of one of the images for the device
     * @param decode reading and resizing of all images
     * @param inference longest run of the device that one of the images was part of
     */
    public record Timing(double queue, double decode, double inference) {}
}
