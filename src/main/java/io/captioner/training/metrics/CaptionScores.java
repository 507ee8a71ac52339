package io.captioner.training.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The scores of one set of captions against reference captions, as coco-caption reports them.
 *
 * @param bleu1 corpus BLEU of single words, 0 to 1
 * @param bleu2 corpus BLEU up to pairs of words, 0 to 1
 * @param bleu3 corpus BLEU up to triples of words, 0 to 1
 * @param bleu4 corpus BLEU up to four words, 0 to 1
 * @param rougeL mean ROUGE-L, 0 to 1
 * @param ciderD mean CIDEr-D, which coco-caption calls CIDEr, 0 to 10; comparable only on the same set of images
 * @param meteorExactStem METEOR with exact and stem matches only, 0 to 1; not comparable with METEOR 1.5, which
 *     coco-caption runs and which also matches synonyms and paraphrases
 */
public record CaptionScores(
        double bleu1, double bleu2, double bleu3, double bleu4, double rougeL, double ciderD, double meteorExactStem) {
    /** Returns what decides between captions of equal CIDEr-D, the most important score first. */
    public List<Double> ties() {
        return List.of(bleu4, rougeL, meteorExactStem, bleu3, bleu2, bleu1);
    }

    /** Returns the scores by their usual names, in the order of the components; unmodifiable. */
    public Map<String, Double> asMap() {
        Map<String, Double> scores = new LinkedHashMap<>();
        scores.put("BLEU-1", bleu1);
        scores.put("BLEU-2", bleu2);
        scores.put("BLEU-3", bleu3);
        scores.put("BLEU-4", bleu4);
        scores.put("ROUGE-L", rougeL);
        scores.put("CIDEr-D", ciderD);
        scores.put("METEOR exact+stem", meteorExactStem);
        return Collections.unmodifiableMap(scores);
    }
}
