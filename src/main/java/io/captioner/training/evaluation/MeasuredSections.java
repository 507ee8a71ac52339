package io.captioner.training.evaluation;

import io.captioner.model.ModelCard;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.metrics.Validation;
import io.captioner.training.metrics.WordFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an evaluation adds to the card of a bundle: scores by search, faults by word, and speed by batch size. */
final class MeasuredSections {
    private static final int WORDS = 10;

    private MeasuredSections() {}

    /**
     * Writes the sections.
     *
     * @param data what was captioned, for people
     * @param searches validations by the name of their search; the last one's captions are judged by word
     * @param runs times of a run by batch size
     */
    static List<ModelCard.Section> of(
            String data, List<CaptionedPhoto> photos, Map<String, Validation> searches, Map<Integer, Duration> runs) {
        List<Validation> all = List.copyOf(searches.values());
        WordFaults faults = WordFaults.of(photos, all.get(all.size() - 1).captions(), WORDS);
        return List.of(
                new ModelCard.Section("Scores by search", "Of %s.%n%n%s".formatted(data, scores(searches))),
                new ModelCard.Section(
                        "What it gets wrong",
                        "Of the captions with a word, how many are of photos that no person describes with it:%n%n%s%n%nOf the photos that two people or more describe with a word, how many captions lack it:%n%n%s"
                                .formatted(faults(faults.wrong()), faults(faults.missing()))),
                new ModelCard.Section(
                        "Speed",
                        "A run of the bare model with its own search, median, on %d processors:%n%n%s"
                                .formatted(Runtime.getRuntime().availableProcessors(), speed(runs))));
    }

    private static String scores(Map<String, Validation> searches) {
        List<String> head = new ArrayList<>(List.of("score"));
        head.addAll(searches.keySet());
        List<Map<String, Double>> figures =
                searches.values().stream().map(Validation::figures).toList();
        List<List<String>> rows = new ArrayList<>();
        for (String score : figures.get(0).keySet()) {
            List<String> row = new ArrayList<>(List.of(score));
            figures.forEach(search -> row.add(ModelCard.figure(search.getOrDefault(score, Double.NaN))));
            rows.add(row);
        }
        return ModelCard.table(head, rows);
    }

    private static String faults(List<WordFaults.Fault> faults) {
        return ModelCard.table(
                List.of("word", "wrong", "of", "a caption of such a photo"),
                faults.stream()
                        .map(fault -> List.of(
                                fault.word(),
                                Integer.toString(fault.faults()),
                                Integer.toString(fault.photos()),
                                fault.example()))
                        .toList());
    }

    private static String speed(Map<Integer, Duration> runs) {
        return ModelCard.table(
                List.of("batch", "ms", "images/s"),
                runs.entrySet().stream()
                        .map(run -> List.of(
                                run.getKey().toString(),
                                Long.toString(run.getValue().toMillis()),
                                String.format(
                                        Locale.ROOT,
                                        "%.1f",
                                        run.getKey() * 1e9 / run.getValue().toNanos())))
                        .toList());
    }
}
