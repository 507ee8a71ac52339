package io.captioner.training.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SvgChartTests {
    @ParameterizedTest
    @CsvSource({"0, 1", "3, 1", "10, 2", "11, 5", "30, 10", "99, 20", "6000, 2000", "40000, 10000"})
    void axesHaveAboutFiveRoundTicks(double highest, double step) {
        assertThat(SvgChart.step(highest)).isEqualTo(step);
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
}
