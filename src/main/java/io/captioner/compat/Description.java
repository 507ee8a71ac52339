package io.captioner.compat;

import io.captioner.caption.CaptionResponse.Caption;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.caption.CaptionResponse.Word;
import java.util.List;
import java.util.Locale;

/**
 * What a protocol answers of one image: its captions as sentences, best first, at least one. Where the model found no
 * words, a sentence says so, with confidence 0 and no words.
 *
 * @param width columns of the upright image, 0 where no words were found
 * @param height rows of the upright image, 0 where no words were found
 */
public record Description(List<Sentence> sentences, int width, int height) {
    private static final Description NONE = new Description(
            List.of(new Sentence("I found no words for this picture.", 0, Double.NEGATIVE_INFINITY, List.of())), 0, 0);

    /** What is said in place of a caption whose confidence is below the service's least. */
    private static final String UNSURE = "I am not sure what this picture shows.";

    /**
     * A caption as a sentence.
     *
     * @param text with an upper-case letter first
     * @param confidence as {@code POST /captions} has it, 0 to 1
     * @param logProbability natural-log probability of the caption
     * @param words as the vocabulary writes them
     */
    public record Sentence(String text, double confidence, double logProbability, List<Word> words) {
        private static Sentence of(Caption caption) {
            String text = caption.text();
            return new Sentence(
                    text == null ? UNSURE : capitalised(text),
                    caption.confidence(),
                    caption.logProbability(),
                    caption.words());
        }

        private static String capitalised(String text) {
            return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        }
    }

    /** Returns the description of an image without words. */
    static Description none() {
        return NONE;
    }

    static Description of(CaptionedImage image) {
        return new Description(image.captions().stream().map(Sentence::of).toList(), image.width(), image.height());
    }

    /** Returns the best sentence. */
    public Sentence best() {
        return sentences.get(0);
    }
}
