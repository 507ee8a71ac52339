package io.captioner.training.metrics;

import io.captioner.text.CaptionTokenizer;
import io.captioner.training.metrics.CaptionScorer.ScoredImage;
import java.util.ArrayList;
import java.util.List;

/**
 * The reward of single captions: CIDEr-D, with the document frequencies of all photos it was made of, and a share of
 * BLEU-4. The end of a caption counts as a word, so that a caption which stops in the middle of a phrase is worth less.
 * Immutable.
 */
public final class CaptionReward {
    private static final String END = "</s>"; // no token has this form

    private final List<List<List<String>>> references = new ArrayList<>();
    private final CiderD cider;
    private final double bleuWeight;

    /**
     * The reward of a data set.
     *
     * @param captions people's captions of each photo, as written
     * @param bleuWeight what BLEU-4, 0 to 1, is multiplied by before it is added
     */
    public CaptionReward(List<List<String>> captions, double bleuWeight) {
        for (List<String> ofPhoto : captions) {
            references.add(ofPhoto.stream()
                    .map(caption -> ended(CaptionTokenizer.words(caption)))
                    .toList());
        }
        this.cider = new CiderD(references.stream()
                .map(ofPhoto -> new ScoredImage(List.of(), ofPhoto))
                .toList());
        this.bleuWeight = bleuWeight;
    }

    /**
     * Returns the reward of a caption, 0 to 10 and the weight of BLEU-4.
     *
     * @param photo number of its photo, in the order of the captions
     * @param words of the caption
     */
    public double of(int photo, List<String> words) {
        ScoredImage image = new ScoredImage(ended(words), references.get(photo));
        double reward = cider.score(image);
        return bleuWeight == 0 ? reward : reward + bleuWeight * Bleu.scores(List.of(image))[3];
    }

    /**
     * Returns the CIDEr-D of people's captions of a photo, each against the photo's others; 0 for a single one.
     *
     * @param photo its number, in the order of the captions
     * @return in the order of the photo's captions
     */
    public List<Double> agreement(int photo) {
        List<List<String>> captions = references.get(photo);
        List<Double> agreement = new ArrayList<>();
        for (int i = 0; i < captions.size(); i++) {
            List<List<String>> others = new ArrayList<>(captions);
            List<String> own = others.remove(i);
            agreement.add(others.isEmpty() ? 0 : cider.score(new ScoredImage(own, others)));
        }
        return agreement;
    }

    private static List<String> ended(List<String> words) {
        List<String> ended = new ArrayList<>(words);
        ended.add(END);
        return ended;
    }
}
