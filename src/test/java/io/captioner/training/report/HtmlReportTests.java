package io.captioner.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.image.Pixels;
import io.captioner.training.metrics.GeneratedCaption;
import io.captioner.training.report.HtmlReport.ReportContent.GalleryPhoto;
import io.captioner.training.report.HtmlReport.ReportContent;
import io.captioner.training.report.SvgChart.Series;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    void whatPeopleNameIsEscapedWhereverItStands() {
        String hostile = "</style><script>alert('${1 + 1} &amp;')</script><img src=x onerror=\"alert(1)\">";
        GeneratedCaption caption =
                GeneratedCaption.of(hostile, List.of(hostile), new float[][] {{0.25f, 0.25f, 0.25f, 0.25f}}, 2, 2);
        GalleryPhoto photo = new GalleryPhoto(hostile, GREY, caption, 1.5, List.of(hostile));
        Series line = new Series(hostile, List.of(new Series.Point(1, 0), new Series.Point(2, 1)));

        String page = HtmlReport.of(new ReportContent(
                hostile,
                Map.of(hostile, hostile),
                Map.of(hostile, Map.of(hostile, 1.0)),
                Map.of(hostile, Map.of(hostile, 1.0)),
                List.of(new ReportContent.Chart(hostile, hostile, List.of(line))),
                hostile,
                List.of(photo),
                List.of(photo)));

        assertThat(page)
                .contains("alt=\"&lt;/style&gt;&lt;script&gt;alert(&#39;${1 + 1} &amp;amp;&#39;)&lt;/script&gt;")
                .doesNotContain("<script", "<img src=x", "onerror=\"");
        assertThat(page.split("</style>", -1)).hasSize(2);
    }

    private static ReportContent report(String caption, List<String> references) {
        GeneratedCaption generated = GeneratedCaption.of(
                caption, List.of("a", "ball"), new float[][] {{1, 0, 0, 0}, {0.25f, 0.25f, 0.25f, 0.25f}}, 2, 2);
        GalleryPhoto photo = new GalleryPhoto("1.jpg", GREY, generated, 1.5, references);
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
