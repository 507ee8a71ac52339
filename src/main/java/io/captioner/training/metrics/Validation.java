package io.captioner.training.metrics;

import io.captioner.attention.AttentionGrid;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.metrics.CaptionScorer.CaptionScores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of decoding a split: scores against reference captions, and measures without references.
 *
 * @param generated the captions, in the order of the photos
 * @param attention null if no caption has a word with attention
 */
public record Validation(
        List<GeneratedCaption> generated,
        CaptionScores scores,
        CaptionHealth health,
        @Nullable AttentionHealth attention) {

    /** Scores captions, one for each photo in the same order. */
    public static Validation of(List<CaptionedPhoto> photos, List<GeneratedCaption> generated) {
        Map<String, String> candidates = new LinkedHashMap<>();
        Map<String, List<String>> references = new LinkedHashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            candidates.put(photos.get(i).image(), generated.get(i).text());
            references.put(photos.get(i).image(), photos.get(i).captions());
        }
        List<float[][]> maps = generated.stream()
                .filter(caption -> !caption.attention().isEmpty())
                .map(caption ->
                        caption.attention().stream().map(AttentionGrid::weights).toArray(float[][]::new))
                .toList();
        return new Validation(
                List.copyOf(generated),
                CaptionScorer.score(candidates, references),
                CaptionHealth.of(candidates.values()),
                maps.isEmpty() ? null : AttentionHealth.of(maps));
    }

    /** Returns the captions as they are shown, in the order of the photos. */
    public List<String> captions() {
        return generated.stream().map(GeneratedCaption::text).toList();
    }

    /** Returns every figure with its name, on one line. */
    public String summary() {
        return figures().entrySet().stream()
                .map(figure -> String.format(Locale.ROOT, "%s %.4f", figure.getKey(), figure.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** Returns every figure by name. */
    public Map<String, Double> figures() {
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
