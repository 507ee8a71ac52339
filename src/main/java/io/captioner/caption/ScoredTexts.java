package io.captioner.caption;

import io.captioner.caption.ScoreResponse.Score;
import io.captioner.model.CaptionModel;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/** The texts of a request as a model reads them: tokenised as in training. Immutable. */
final class ScoredTexts {
    static final String PARAMETER = "text";

    private final CaptionModel model;
    private final List<String> texts;
    private final List<List<String>> words;

    /** @throws CaptionFailure if there are too many texts, or one is too long or has no words */
    ScoredTexts(CaptionModel model, List<String> texts) {
        if (texts.isEmpty() || texts.size() > ScoreCommand.MAX_TEXTS) {
            throw refused("Send 1 to %d texts, each as a field named '%s', not %d."
                    .formatted(ScoreCommand.MAX_TEXTS, PARAMETER, texts.size()));
        }
        this.model = model;
        this.texts = texts;
        this.words = new ArrayList<>();
        for (int text = 0; text < texts.size(); text++) {
            words.add(words(texts.get(text), text, model.manifest()));
        }
    }

    private static List<String> words(String text, int index, Manifest manifest) {
        int characters = text.codePointCount(0, text.length());
        if (characters > ScoreCommand.MAX_CHARACTERS) {
            throw refused("Text %d has %d characters, and at most %d are scored: send a shorter one."
                    .formatted(index + 1, characters, ScoreCommand.MAX_CHARACTERS));
        }
        List<String> words = CaptionTokenizer.words(text);
        if (words.isEmpty()) {
            throw refused("Text %d has no words: send at least one.".formatted(index + 1));
        }
        if (words.size() > manifest.maxLength()) {
            throw refused("Text %d has %d words, and the model scores at most %d: send a shorter one."
                    .formatted(index + 1, words.size(), manifest.maxLength()));
        }
        return words;
    }

    private static CaptionFailure refused(String message) {
        return CaptionFailure.invalidParameter(PARAMETER, message);
    }

    /** Returns the ids of the words of each text. */
    List<int[]> ids() {
        return words.stream()
                .map(ofText -> ofText.stream().mapToInt(this::id).toArray())
                .toList();
    }

    /** The text of a special token is a word like another that the model does not know. */
    private int id(String word) {
        return Math.max(Vocabulary.UNKNOWN, model.vocabulary().id(word));
    }

    /**
     * Writes the scores.
     *
     * @param result one hypothesis for each text, in order
     */
    List<Score> write(InferenceResult result, AttentionDetail detail, float lengthPenalty) {
        double[] scores = new double[texts.size()];
        for (int text = 0; text < scores.length; text++) {
            scores[text] = result.hypotheses().get(text).logProbability()
                    / Math.pow(words.get(text).size() + 1.0, lengthPenalty);
        }
        CaptionWriter writer = new CaptionWriter(model, detail, CaptionOptions.Style.PLAIN, 0);
        List<Score> written = new ArrayList<>();
        for (int text = 0; text < scores.length; text++) {
            written.add(score(text, scores, writer, result));
        }
        return written;
    }

    private Score score(int text, double[] scores, CaptionWriter writer, InferenceResult result) {
        Hypothesis hypothesis = result.hypotheses().get(text);
        List<String> own = words.get(text);
        List<CaptionResponse.Word> written = new ArrayList<>();
        double ofWords = 0;
        int weakest = 0;
        int rank = 1;
        for (int word = 0; word < own.size(); word++) {
            float logProbability = hypothesis.logProbabilities()[word];
            written.add(new CaptionResponse.Word(
                    own.get(word), Math.exp(logProbability), null, writer.attention(hypothesis, word, result)));
            ofWords += logProbability;
            if (logProbability < hypothesis.logProbabilities()[weakest]) {
                weakest = word;
            }
        }
        for (double other : scores) {
            if (other > scores[text]) {
                rank++;
            }
        }
        return new Score(
                texts.get(text),
                rank,
                hypothesis.logProbability(),
                scores[text],
                hypothesis.confidence(),
                Math.min(1, Math.exp(hypothesis.logProbability() - ofWords)),
                written,
                weakest,
                own.stream()
                        .filter(word -> id(word) == Vocabulary.UNKNOWN)
                        .distinct()
                        .toList());
    }
}
