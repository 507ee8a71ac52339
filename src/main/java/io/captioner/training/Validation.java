package io.captioner.training;

import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.evaluation.AttentionHealth;
import io.captioner.training.evaluation.CaptionHealth;
import io.captioner.training.evaluation.CaptionScorer;
import io.captioner.training.evaluation.CaptionScores;
import io.captioner.training.graph.DecodedCaption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What decoding a split showed: scores against people's captions, and figures of health that scores do not reveal.
 *
 * @param attention null if no caption has a word with attention
 */
record Validation(
        List<String> captions,
        CaptionScores scores,
        CaptionHealth health,
        @Nullable AttentionHealth attention) {

    /** Scores decoded captions, one for each photo in the same order. */
    static Validation of(List<CaptionedPhoto> photos, List<DecodedCaption> decoded, Vocabulary vocabulary) {
        List<String> captions = new ArrayList<>();
        List<float[][]> attention = new ArrayList<>();
        for (DecodedCaption caption : decoded) {
            captions.add(CaptionTokenizer.sentence(vocabulary.words(caption.words())));
            attention.add(caption.attention());
        }
        return of(photos, captions, attention);
    }

    /** Scores captions with their attention, one for each photo in the same order. */
    static Validation of(List<CaptionedPhoto> photos, List<String> captions, List<float[][]> attention) {
        Map<String, String> candidates = new LinkedHashMap<>();
        Map<String, List<String>> references = new LinkedHashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            candidates.put(photos.get(i).image(), captions.get(i));
            references.put(photos.get(i).image(), photos.get(i).captions());
        }
        List<float[][]> maps =
                attention.stream().filter(words -> words.length > 0).toList();
        return new Validation(
                List.copyOf(captions),
                CaptionScorer.score(candidates, references),
                CaptionHealth.of(captions),
                maps.isEmpty() ? null : AttentionHealth.of(maps));
    }

    /** Returns every figure by name. */
    Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>(scores.asMap());
        figures.put("distinct captions", health.distinctCaptionShare());
        figures.put("distinct words", (double) health.distinctWords());
        figures.put("repetition", health.repetitionShare());
        figures.put("dangling ends", health.danglingShare());
        figures.put("mean words", health.meanWords());
        if (attention != null) {
            figures.put("attention entropy", attention.meanEntropy());
            figures.put("attention change", attention.meanChange());
        }
        return figures;
    }
}
