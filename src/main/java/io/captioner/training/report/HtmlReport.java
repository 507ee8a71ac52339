package io.captioner.training.report;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.Thumbnails;
import io.captioner.html.Html;
import io.captioner.image.Pixels;
import io.captioner.training.metrics.GeneratedCaption;
import io.captioner.training.report.HtmlReport.ReportContent.GalleryPhoto;
import io.captioner.training.report.SvgChart.Series;
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
                "svg", Html.markup(SvgChart.lines(chart.title(), chart.x(), chart.series())),
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

    /**
     * The content of a report.
     *
     * @param title the model
     * @param facts about model, data and run, in order
     * @param scores for each search, such as {@code beam 3}, its scores by name
     * @param health for each search, its figures of captions and attention by name
     * @param charts curves of the training; none if they are not known
     * @param search the search whose captions the gallery shows
     * @param best photos with the best captions, the best first
     * @param worst photos with the worst captions, the worst first
     */
    public record ReportContent(
            String title,
            Map<String, String> facts,
            Map<String, Map<String, Double>> scores,
            Map<String, Map<String, Double>> health,
            List<Chart> charts,
            String search,
            List<GalleryPhoto> best,
            List<GalleryPhoto> worst) {

        /**
         * Curves over the same steps.
         *
         * @param title what is drawn
         * @param x what the horizontal axis counts
         */
        public record Chart(String title, String x, List<Series> series) {}

        /**
         * A photo of the gallery.
         *
         * @param image its name
         * @param photo at its true proportions and of about 200 pixels
         * @param caption the caption of the model
         * @param score of the caption alone, CIDEr-D
         * @param references the reference captions
         */
        public record GalleryPhoto(
                String image, Pixels photo, GeneratedCaption caption, double score, List<String> references) {}
    }
}
