package io.captioner.training.report;

import java.util.List;

/**
 * A line chart as an SVG element: axes with round numbers, a line for each series, its moving average where it is
 * noisy.
 */
final class LineChart {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 240;
    private static final int LEFT = 52;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 30;
    private static final int MOST_POINTS = 600;
    private static final int TICKS = 5;

    /** Lines of more points are drawn pale, under their moving average. */
    private static final int NOISY_POINTS = 100;

    private static final double MEMORY = 0.97;
    private static final int DOTTED_POINTS = 30;

    private final double minX;
    private final double maxX;
    private final double minY;
    private final double maxY;
    private final StringBuilder svg = new StringBuilder();

    private LineChart(List<Series> series) {
        minX = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Series.Point::x)
                .min()
                .orElse(0);
        maxX = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Series.Point::x)
                .max()
                .orElse(1);
        double low = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Series.Point::y)
                .min()
                .orElse(0);
        double high = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Series.Point::y)
                .max()
                .orElse(1);
        double margin = high > low ? 0.06 * (high - low) : Math.max(1e-6, Math.abs(high) * 0.1);
        minY = low >= 0 ? Math.max(0, low - margin) : low - margin;
        maxY = high + margin;
    }

    /**
     * Draws the chart.
     *
     * @param title what is drawn over what
     * @param x what the horizontal axis counts
     */
    static String of(String title, String x, List<Series> series) {
        LineChart chart = new LineChart(series);
        chart.draw(series, x);
        StringBuilder legend = new StringBuilder();
        for (int i = 0; i < series.size(); i++) {
            legend.append("<span class=\"key k%d\">%s</span>"
                    .formatted(i + 1, Html.escape(series.get(i).name())));
        }
        return "<figure class=\"chart\"><figcaption>%s</figcaption>%s<div class=\"legend\">%s</div></figure>"
                .formatted(Html.escape(title), chart.svg, legend);
    }

    private void draw(List<Series> series, String x) {
        svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\">".formatted(WIDTH, HEIGHT));
        double stepY = Ticks.step((maxY - minY) / TICKS);
        for (double y = Math.ceil(minY / stepY) * stepY; y <= maxY; y += stepY) {
            svg.append(Html.format(
                            "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                            LEFT, WIDTH - RIGHT, toY(y), toY(y)))
                    .append(Html.format(
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                            LEFT - 6, toY(y) + 4, number(y, stepY)));
        }
        double stepX = Math.max(1, Ticks.step((maxX - minX) / TICKS));
        for (double tick = Math.ceil(minX / stepX) * stepX; tick <= maxX; tick += stepX) {
            svg.append(Html.format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    toX(tick), HEIGHT - BOTTOM + 16, number(tick, stepX)));
        }
        svg.append(Html.format(
                "<text class=\"axis\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                WIDTH - RIGHT, HEIGHT - 2, Html.escape(x)));
        for (int i = 0; i < series.size(); i++) {
            boolean isNoisy = series.get(i).points().size() > NOISY_POINTS;
            if (isNoisy) {
                line(series.get(i).thinned(MOST_POINTS), 0);
            }
            line(isNoisy ? series.get(i).smoothed(MEMORY).thinned(MOST_POINTS) : series.get(i), i + 1);
        }
        svg.append("</svg>");
    }

    private void line(Series series, int number) {
        StringBuilder points = new StringBuilder();
        for (Series.Point point : series.points()) {
            points.append(Html.format("%.1f,%.1f ", toX(point.x()), toY(point.y())));
        }
        svg.append("<polyline class=\"line l%d\" points=\"%s\"/>"
                .formatted(number, points.toString().strip()));
        if (series.points().size() <= DOTTED_POINTS) {
            for (Series.Point point : series.points()) {
                svg.append(Html.format(
                        "<circle class=\"dot l%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\"/>",
                        number, toX(point.x()), toY(point.y())));
            }
        }
    }

    private double toX(double x) {
        return maxX > minX ? LEFT + (x - minX) / (maxX - minX) * (WIDTH - LEFT - RIGHT) : (LEFT + WIDTH - RIGHT) / 2.0;
    }

    private double toY(double y) {
        return HEIGHT - BOTTOM - (y - minY) / (maxY - minY) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value, double step) {
        int digits = (int) Math.max(0, Math.ceil(-Math.log10(step)));
        return Html.format("%,." + digits + "f", value);
    }
}
