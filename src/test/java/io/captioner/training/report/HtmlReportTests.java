package io.captioner.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.Pixels;
import io.captioner.training.metrics.GeneratedCaption;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class HtmlReportTests {
    private static final Pixels GREY = new Pixels(20, 10, new byte[20 * 10 * 3]);

    @Test
    void whatPeopleWroteCannotBreakThePage() {
        String page = HtmlReport.of(report("<script>alert(1)</script>", List.of("\"quoted\" & <b>bold</b>")));

        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&quot;quoted&quot; &amp; &lt;b&gt;bold&lt;/b&gt;")
                .doesNotContain("<script>", "<b>bold");
    }

    @Test
    void thePageNeedsNothingElse() {
        assertThat(HtmlReport.of(report("a ball", List.of("A ball .")))).doesNotContain("http", "<link", "url(");
    }

    @Test
    void theGalleryShowsThePhotoAndAnOverlayForEachWord() throws IOException {
        Matcher pictures = Pattern.compile("data:image/jpeg;base64,([^\"]+)")
                .matcher(HtmlReport.of(report("a ball", List.of("A ball ."))));

        int count = 0;
        while (pictures.find()) {
            byte[] jpeg = Base64.getDecoder().decode(pictures.group(1));
            assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(20);
            count++;
        }
        assertThat(count).isEqualTo(3);
    }

    @Test
    void aFigureThatOneSearchLacksIsADash() {
        Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
        scores.put("greedy", Map.of("CIDEr-D", 0.4634));
        scores.put("beam 3", Map.of());

        String page = HtmlReport.of(
                new ReportContent("m", Map.of(), scores, Map.of(), List.of(), "beam 3", List.of(), List.of()));

        assertThat(page).contains("<tr><th>CIDEr-D</th><td>0.463</td><td>–</td></tr>");
    }

    @Test
    void aNoisyCurveIsDrawnUnderItsMovingAverage() {
        List<Series.Point> points = IntStream.rangeClosed(1, 5000)
                .mapToObj(step -> new Series.Point(step, step % 2 == 0 ? 3 : 1))
                .toList();

        String chart = LineChart.of("Loss", "step", List.of(new Series("loss", points)));

        assertThat(chart.split("<polyline")).hasSize(3);
        assertThat(chart.length()).isLessThan(30_000);
    }

    @Test
    void aLineRunsFromCornerToCornerOfItsAxes() {
        String chart = LineChart.of(
                "Score",
                "epoch",
                List.of(new Series("score", List.of(new Series.Point(1, 0), new Series.Point(2, 1)))));

        assertThat(chart).contains("points=\"52.0,210.0 448.0,").contains(">0.5<");
    }

    private static ReportContent report(String caption, List<String> references) {
        GeneratedCaption spoken = GeneratedCaption.of(
                caption, List.of("a", "ball"), new float[][] {{1, 0, 0, 0}, {0.25f, 0.25f, 0.25f, 0.25f}}, 2, 2);
        GalleryPhoto photo = new GalleryPhoto("1.jpg", GREY, spoken, 1.5, references);
        return new ReportContent(
                "model/1",
                Map.of("split", "val"),
                Map.of("beam 3", Map.of("CIDEr-D", 0.5)),
                Map.of("beam 3", Map.of("repetition", 0.0)),
                List.of(),
                "beam 3",
                List.of(photo),
                List.of());
    }
}
