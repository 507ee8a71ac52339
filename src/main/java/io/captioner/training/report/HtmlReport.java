package io.captioner.training.report;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.Thumbnails;
import io.captioner.training.report.ReportContent.GalleryPhoto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The report as one HTML page: styles, charts and pictures are in it, and it has no scripts and no links. */
public final class HtmlReport {
    private HtmlReport() {}

    /** Returns the whole page. */
    public static String of(ReportContent content) {
        return Html.page(
                HtmlReport.class,
                "report.ftlh",
                Map.of(
                        "title", content.title(),
                        "facts", content.facts(),
                        "scores", table(content.scores()),
                        "health", table(content.health()),
                        "charts",
                                content.charts().stream().map(HtmlReport::chart).toList(),
                        "search", content.search(),
                        "best", content.best().stream().map(HtmlReport::card).toList(),
                        "worst", content.worst().stream().map(HtmlReport::card).toList()));
    }

    private static Map<String, Object> table(Map<String, Map<String, Double>> columns) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (Map<String, Double> column : columns.values()) {
            for (String row : column.keySet()) {
                rows.computeIfAbsent(
                        row,
                        name -> columns.values().stream()
                                .map(values -> values.get(name))
                                .map(value -> value == null ? "–" : number(value))
                                .toList());
            }
        }
        return Map.of("columns", List.copyOf(columns.keySet()), "rows", rows);
    }

    private static Map<String, Object> chart(ReportContent.Chart chart) {
        return Map.of(
                "title", chart.title(),
                "svg", Html.svg(SvgChart.lines(chart.title(), chart.x(), chart.series())),
                "names", chart.series().stream().map(Series::name).toList());
    }

    private static Map<String, Object> card(GalleryPhoto photo) {
        List<Map<String, String>> words = new ArrayList<>();
        List<AttentionGrid> attention = photo.caption().attention();
        for (int i = 0; i < attention.size(); i++) {
            words.add(Map.of(
                    "text", photo.caption().words().get(i),
                    "jpeg", Html.address(Thumbnails.word(photo.photo(), attention.get(i)))));
        }
        return Map.of(
                "image", photo.image(),
                "jpeg", Html.address(Thumbnails.photo(photo.photo())),
                "caption", photo.caption().text(),
                "score", number(photo.score()),
                "references", List.copyOf(new TreeSet<>(photo.references())),
                "words", words);
    }

    private static String number(double value) {
        boolean isWhole = value == Math.rint(value) && Math.abs(value) >= 10;
        return Html.format(isWhole ? "%,.0f" : "%.3f", value);
    }
}
