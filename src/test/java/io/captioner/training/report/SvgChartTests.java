package io.captioner.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.training.report.SvgChart.Series;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SvgChartTests {
    @ParameterizedTest
    @CsvSource({"0, 1", "3, 1", "10, 2", "11, 5", "30, 10", "99, 20", "6000, 2000", "40000, 10000"})
    void axesHaveAboutFiveRoundTicks(double highest, double step) {
        assertThat(SvgChart.countStep(highest)).isEqualTo(step);
    }

    @Test
    void aColumnIsAsHighAsItsValueOnTheAxis() {
        String svg = SvgChart.columns(
                "what", "x", "y", List.of(new SvgChart.Column("a", 10, "ten"), new SvgChart.Column("b", 5, "five")));

        assertThat(svg)
                .contains("height=\"202.0\" rx=\"1.5\"><title>ten</title>")
                .contains("height=\"101.0\" rx=\"1.5\"><title>five</title>");
    }

    @Test
    void labelsAndTitlesAreEscaped() {
        String svg = SvgChart.columns("a \"b\"", "<x>", "y&z", List.of(new SvgChart.Column("<", 1, "'>'")));

        assertThat(svg).contains("aria-label=\"a &quot;b&quot;\"", "&lt;x&gt;", "y&amp;z", ">&lt;<", "&#39;&gt;&#39;");
    }

    @Test
    void chartsOfNothingAreEmptyCharts() {
        assertThat(SvgChart.columns("what", "x", "y", List.of()))
                .endsWith("</svg>")
                .doesNotContain("NaN");
        assertThat(SvgChart.scatter("what", "x", "y", List.of()))
                .endsWith("</svg>")
                .doesNotContain("NaN");
    }

    @Test
    void aNoisyCurveIsDrawnUnderItsMovingAverage() {
        List<Series.Point> points = IntStream.rangeClosed(1, 5000)
                .mapToObj(step -> new Series.Point(step, step % 2 == 0 ? 3 : 1))
                .toList();

        String chart = SvgChart.lines("Loss", "step", List.of(new Series("loss", points)));

        assertThat(chart.split("<polyline")).hasSize(3);
        assertThat(chart.length()).isLessThan(30_000);
    }

    @Test
    void aLineRunsFromCornerToCornerOfItsAxes() {
        String chart = SvgChart.lines(
                "Score",
                "epoch",
                List.of(new Series("score", List.of(new Series.Point(1, 0), new Series.Point(2, 1)))));

        assertThat(chart).contains("points=\"52.0,210.0 448.0,").contains(">0.5<");
    }

    @Test
    void aLineChartOfNothingIsAnEmptyChart() {
        assertThat(SvgChart.lines("what", "x", List.of())).endsWith("</svg>").doesNotContain("NaN", "Infinity");
    }
}
