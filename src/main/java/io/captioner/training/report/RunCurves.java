package io.captioner.training.report;

import io.captioner.jobs.JsonLines;
import io.captioner.training.report.HtmlReport.ReportContent;
import io.captioner.training.report.SvgChart.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The curves of a run directory, out of {@code steps.jsonl} and {@code epochs.jsonl}. */
public final class RunCurves {
    private static final List<String> SHARES =
            List.of("BLEU-1", "BLEU-4", "ROUGE-L", "METEOR exact+stem", "distinct captions");

    private static final List<String> ATTENTION = List.of("attention entropy", "attention change");

    private RunCurves() {}

    /** Returns a chart of all figures in the directory; none if there are none. */
    public static List<ReportContent.Chart> read(Path run) throws IOException {
        List<JsonNode> steps = lines(run.resolve("steps.jsonl"));
        List<JsonNode> epochs = lines(run.resolve("epochs.jsonl"));
        List<ReportContent.Chart> charts = new ArrayList<>();
        add(charts, "Training loss, nats a word", "step", steps, "step", List.of("loss"));
        add(charts, "Gradient norm before clipping", "step", steps, "step", List.of("gradientNorm"));
        add(charts, "Validation CIDEr-D", "epoch", epochs, "epoch", List.of("CIDEr-D"));
        add(charts, "Validation scores", "epoch", epochs, "epoch", SHARES);
        add(charts, "Validation attention", "epoch", epochs, "epoch", ATTENTION);
        add(charts, "Learning rate", "step", steps, "step", List.of("learningRate"));
        return charts;
    }

    private static void add(
            List<ReportContent.Chart> charts,
            String title,
            String x,
            List<JsonNode> lines,
            String counter,
            List<String> names) {
        List<Series> series = new ArrayList<>();
        for (String name : names) {
            List<Series.Point> points = lines.stream()
                    .filter(line -> Double.isFinite(line.path(name).asDouble(Double.NaN)))
                    .map(line -> new Series.Point(
                            line.path(counter).asDouble(), line.path(name).asDouble()))
                    .toList();
            if (points.size() > 1) {
                series.add(new Series(name, points));
            }
        }
        if (!series.isEmpty()) {
            charts.add(new ReportContent.Chart(title, x, series));
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : JsonLines.read(file)) {
            try {
                lines.add(JsonMapper.shared().readTree(line));
            } catch (JacksonException notJson) {
                break; // what follows is not of this run
            }
        }
        return lines;
    }
}
