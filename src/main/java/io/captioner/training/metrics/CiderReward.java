package io.captioner.training.metrics;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.ArrayList;
import java.util.List;

/** CIDEr-D of single captions, with the document frequencies of all photos it was made of. Immutable. */
public final class CiderReward {
    private final List<List<List<String>>> references = new ArrayList<>();
    private final CiderD cider;

    /** @param captions people's captions of each photo, as written */
    public CiderReward(List<List<String>> captions) {
        for (List<String> ofPhoto : captions) {
            references.add(ofPhoto.stream().map(CaptionTokenizer::words).toList());
        }
        cider = new CiderD(references.stream()
                .map(ofPhoto -> new ScoredImage(List.of(), ofPhoto))
                .toList());
    }

    /**
     * Returns the score of a caption, 0 to 10.
     *
     * @param photo number of its photo, in the order of the captions
     * @param words of the caption
     */
    public double of(int photo, List<String> words) {
        return cider.score(new ScoredImage(words, references.get(photo)));
    }
}
