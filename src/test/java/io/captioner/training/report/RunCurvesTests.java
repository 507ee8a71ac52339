package io.captioner.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.training.report.HtmlReport.ReportContent;
import io.captioner.training.report.SvgChart.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCurvesTests {
    @TempDir
    private Path run;

    @Test
    void whatTheRunWroteIsDrawn() throws IOException {
        Files.writeString(
                run.resolve("steps.jsonl"),
                "{\"step\":1,\"loss\":3.5,\"learningRate\":0.1}\n{\"step\":2,\"loss\":3.0,\"learningRate\":0.2}\n{\"step\":3,\"lo");
        Files.writeString(
                run.resolve("epochs.jsonl"),
                "{\"epoch\":1,\"CIDEr-D\":0.2,\"BLEU-4\":0.1}\n{\"epoch\":2,\"CIDEr-D\":0.3,\"BLEU-4\":0.2}\n");

        assertThat(RunCurves.read(run))
                .extracting(ReportContent.Chart::title)
                .containsExactly(
                        "Training loss, nats a word", "Validation CIDEr-D", "Validation scores", "Learning rate");
        assertThat(RunCurves.read(run).get(0).series().get(0).points())
                .containsExactly(new Series.Point(1, 3.5), new Series.Point(2, 3.0));
    }

    @Test
    void aRunWithoutCurvesHasNoCharts() throws IOException {
        assertThat(RunCurves.read(run)).isEmpty();
    }
}
