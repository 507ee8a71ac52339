package io.captioner.caption;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.AttentionSummary;
import io.captioner.attention.AttentionSummary.Attention;
import io.captioner.caption.CaptionOptions.Style;
import io.captioner.caption.CaptionResponse.Caption;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.caption.CaptionResponse.Word;
import io.captioner.model.CaptionModel;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.trust.AltText;
import io.captioner.trust.Hedge;
import io.captioner.trust.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes hypotheses as captions: ids become words, attention weights become places in the photo. Immutable. */
final class CaptionWriter {
    private final CaptionModel model;
    private final AttentionDetail detail;
    private final Style style;
    private final float minConfidence;

    /** @param minConfidence confidence below which a caption has no text, 0 to 1 */
    CaptionWriter(CaptionModel model, AttentionDetail detail, Style style, float minConfidence) {
        this.model = model;
        this.detail = detail;
        this.style = style;
        this.minConfidence = minConfidence;
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
                .map(hypothesis -> caption(hypothesis, Trust.of(model, hypothesis, hypotheses), result))
                .toList();
        return new CaptionedImage(filename, result.width(), result.height(), source, captions, null);
    }

    private Caption caption(Hypothesis hypothesis, Trust trust, InferenceResult result) {
        List<Word> words = new ArrayList<>();
        for (Hypothesis.Word word : hypothesis.words(model.vocabulary())) {
            int at = words.size();
            words.add(new Word(
                    word.word(),
                    word.probability(),
                    trust.wordAgreement().isEmpty()
                            ? null
                            : trust.wordAgreement().get(at),
                    attention(hypothesis, at, result)));
        }
        String text = model.vocabulary().sentence(hypothesis.tokens());
        String hedged = Hedge.of(
                words.stream().map(Word::word).toList(),
                words.stream().map(Word::probability).toList(),
                trust,
                model.manifest().language());
        boolean abstains = trust.confidence() < minConfidence;
        return new Caption(
                abstains ? null : styled(text),
                hypothesis.logProbability(),
                trust,
                hedged == null ? null : styled(hedged),
                abstains ? reason(trust) : null,
                words);
    }

    private String styled(String text) {
        return style == Style.ALT ? AltText.of(text) : text;
    }

    private String reason(Trust trust) {
        return String.format(
                Locale.ROOT,
                "The confidence is %.3f, below minConfidence, %.3f: lower it to see the caption.",
                trust.confidence(),
                minConfidence);
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
