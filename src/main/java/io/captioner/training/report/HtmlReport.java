package io.captioner.training.report;

import io.captioner.attention.Thumbnails;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The report as one HTML page: styles, charts and pictures are in it, and it has no scripts and no links. */
public final class HtmlReport {
    private final StringBuilder page = new StringBuilder();

    private HtmlReport() {}

    /** Returns the whole page. */
    public static String of(ReportContent content) {
        HtmlReport report = new HtmlReport();
        report.head(content);
        report.table("Scores", "as coco-caption computes them; higher is better", content.scores());
        report.table(
                "Health of captions and attention", "what scores against references do not show", content.health());
        report.charts(content.charts());
        report.gallery("Best captions", content.search(), content.best());
        report.gallery("Worst captions", content.search(), content.worst());
        report.page.append("</main></body></html>\n");
        return report.page.toString();
    }

    private void head(ReportContent content) {
        page.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>")
                .append(Html.escape(content.title()))
                .append("</title><style>")
                .append(style())
                .append("</style></head><body><main><header><h1>")
                .append(Html.escape(content.title()))
                .append("</h1><dl>");
        content.facts()
                .forEach((name, value) -> page.append(
                        "<div><dt>%s</dt><dd>%s</dd></div>".formatted(Html.escape(name), Html.escape(value))));
        page.append("</dl></header>");
    }

    private void table(String title, String remark, Map<String, Map<String, Double>> columns) {
        if (columns.values().stream().allMatch(Map::isEmpty)) {
            return;
        }
        section(title, remark);
        page.append("<table><thead><tr><th></th>");
        columns.keySet().forEach(name -> page.append("<th>%s</th>".formatted(Html.escape(name))));
        page.append("</tr></thead><tbody>");
        List<String> rows = columns.values().stream()
                .flatMap(column -> column.keySet().stream())
                .distinct()
                .toList();
        for (String row : rows) {
            page.append("<tr><th>%s</th>".formatted(Html.escape(row)));
            for (Map<String, Double> column : columns.values()) {
                Double value = column.get(row);
                page.append("<td>%s</td>".formatted(value == null ? "–" : number(value)));
            }
            page.append("</tr>");
        }
        page.append("</tbody></table></section>");
    }

    private void charts(List<ReportContent.Chart> charts) {
        if (charts.isEmpty()) {
            return;
        }
        section("Training", "every figure is also in steps.jsonl and epochs.jsonl of the run");
        page.append("<div class=\"charts\">");
        charts.forEach(chart -> page.append(LineChart.of(chart.title(), chart.x(), chart.series())));
        page.append("</div></section>");
    }

    private void gallery(String title, String search, List<GalleryPhoto> photos) {
        if (photos.isEmpty()) {
            return;
        }
        section(
                title,
                "%s; by CIDEr-D of the photo alone, 0 to 10. Lit is where the model looked at each word"
                        .formatted(search));
        page.append("<div class=\"gallery\">");
        photos.forEach(this::card);
        page.append("</div></section>");
    }

    private void card(GalleryPhoto photo) {
        page.append("<article><div class=\"photo\">")
                .append(Html.jpeg(Thumbnails.photo(photo.photo()), photo.image()))
                .append("</div><div class=\"said\"><p class=\"caption\">")
                .append(Html.escape(photo.caption().text()))
                .append("</p><p class=\"meta\"><b>%s</b> CIDEr-D · %s</p>"
                        .formatted(number(photo.score()), Html.escape(photo.image())))
                .append("<ul>")
                .append(new TreeSet<>(photo.references())
                        .stream()
                                .map(reference -> "<li>" + Html.escape(reference) + "</li>")
                                .collect(Collectors.joining()))
                .append("</ul></div>");
        if (!photo.caption().attention().isEmpty()) {
            page.append("<div class=\"words\">");
            for (int i = 0; i < photo.caption().words().size(); i++) {
                String word = photo.caption().words().get(i);
                byte[] overlay = Thumbnails.word(
                        photo.photo(), photo.caption().attention().get(i));
                page.append("<figure>%s<figcaption>%s</figcaption></figure>"
                        .formatted(Html.jpeg(overlay, "attention at " + word), Html.escape(word)));
            }
            page.append("</div>");
        }
        page.append("</article>");
    }

    private void section(String title, String remark) {
        page.append("<section><h2>%s <small>%s</small></h2>".formatted(Html.escape(title), Html.escape(remark)));
    }

    private static String number(double value) {
        boolean isWhole = value == Math.rint(value) && Math.abs(value) >= 10;
        return Html.format(isWhole ? "%,.0f" : "%.3f", value);
    }

    private static String style() {
        try (InputStream file = Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
