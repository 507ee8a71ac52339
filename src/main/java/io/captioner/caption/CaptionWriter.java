package io.captioner.caption;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.AttentionSummary;
import io.captioner.attention.AttentionSummary.Attention;
import io.captioner.caption.CaptionResponse.Caption;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.caption.CaptionResponse.Word;
import io.captioner.model.CaptionModel;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes hypotheses as captions: ids become words, attention weights become places in the photo. Immutable. */
final class CaptionWriter {
    private final CaptionModel model;
    private final AttentionDetail detail;

    CaptionWriter(CaptionModel model, AttentionDetail detail) {
        this.model = model;
        this.detail = detail;
    }

    /**
     * Writes the captions of one image.
     *
     * @param result where the size of the upright original is taken from
     * @param hypotheses with words, best first
     * @param alternatives most captions written
     * @param source what the hypotheses were taken from
     */
    CaptionedImage write(
            @Nullable String filename,
            InferenceResult result,
            List<Hypothesis> hypotheses,
            int alternatives,
            CaptionListener.Source source) {
        List<Caption> captions = hypotheses.stream()
                .limit(alternatives)
                .map(hypothesis -> caption(hypothesis, result))
                .toList();
        return new CaptionedImage(filename, result.width(), result.height(), source, captions, null);
    }

    private Caption caption(Hypothesis hypothesis, InferenceResult result) {
        List<Word> words = new ArrayList<>();
        for (Hypothesis.Word word : hypothesis.words(model.vocabulary())) {
            words.add(new Word(word.word(), word.probability(), attention(hypothesis, words.size(), result)));
        }
        return new Caption(
                model.vocabulary().sentence(hypothesis.tokens()),
                hypothesis.logProbability(),
                hypothesis.confidence(),
                words);
    }

    /** Returns the attention of a word as far as it is asked for, null if it is not or if the model has none. */
    CaptionResponse.@Nullable Attention attention(Hypothesis hypothesis, int word, InferenceResult result) {
        Manifest.Grid shape = model.manifest().attentionGrid();
        if (shape == null || detail == AttentionDetail.NONE) {
            return null;
        }
        AttentionGrid grid = new AttentionGrid(hypothesis.attention()[word], shape.rows(), shape.columns());
        Attention attention = AttentionSummary.of(grid, result.width(), result.height());
        return new CaptionResponse.Attention(
                new CaptionResponse.Point(attention.peak().x(), attention.peak().y()),
                new CaptionResponse.Box(
                        attention.box().x(),
                        attention.box().y(),
                        attention.box().width(),
                        attention.box().height()),
                attention.entropy(),
                detail == AttentionDetail.GRID ? rows(grid) : null);
    }

    private static CaptionResponse.Grid rows(AttentionGrid grid) {
        double sum = 0;
        for (float weight : grid.weights()) {
            sum += weight;
        }
        List<List<Double>> rows = new ArrayList<>();
        for (int row = 0; row < grid.rows(); row++) {
            List<Double> weights = new ArrayList<>();
            for (int column = 0; column < grid.columns(); column++) {
                weights.add(grid.weights()[row * grid.columns() + column] / sum);
            }
            rows.add(weights);
        }
        return new CaptionResponse.Grid(grid.rows(), grid.columns(), rows);
    }
}
