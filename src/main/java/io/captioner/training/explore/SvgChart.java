package io.captioner.training.explore;

import io.captioner.training.report.Html;
import io.captioner.training.report.Ticks;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Charts as inline SVG, coloured by the page's style sheet; every mark says its figures when pointed at. */
final class SvgChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 260;
    private static final int LEFT = 62;
    private static final int RIGHT = 12;
    private static final int TOP = 14;
    private static final int BOTTOM = 44;
    private static final int PLOT_WIDTH = WIDTH - LEFT - RIGHT;
    private static final int PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;
    private static final int MOST_LABELS = 24;

    private SvgChart() {}

    /** A column or a dot's place and what it says. */
    record Mark(double x, double y, double weight, String title) {}

    /** A column with its label. */
    record Column(String label, double value, String title) {}

    /** Draws columns from zero. */
    static String columns(String what, String xAxis, String yAxis, List<Column> columns) {
        double highest = columns.stream().mapToDouble(Column::value).max().orElse(0);
        double step = step(highest);
        double top = Math.max(step, Math.ceil(highest / step) * step);
        DoubleUnaryOperator y = value -> TOP + PLOT_HEIGHT * (1 - value / top);
        StringBuilder svg = open(what);
        grid(svg, step, top, y);
        double each = (double) PLOT_WIDTH / Math.max(1, columns.size());
        double bar = Math.min(46, Math.max(1, each * 0.78));
        int labelled = (columns.size() + MOST_LABELS - 1) / MOST_LABELS;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double middle = LEFT + each * (i + 0.5);
            double at = y.applyAsDouble(column.value());
            svg.append(Html.format(
                    "<rect class=\"mark\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"1.5\"><title>%s</title></rect>",
                    middle - bar / 2, at, bar, TOP + PLOT_HEIGHT - at, Html.escape(column.title())));
            if (i % labelled == 0) {
                text(svg, "middle", middle, TOP + PLOT_HEIGHT + 17, column.label());
            }
        }
        return close(svg, xAxis, yAxis);
    }

    /** Draws dots whose area grows with their weight, on axes from zero. */
    static String scatter(String what, String xAxis, String yAxis, List<Mark> marks) {
        double right = marks.stream().mapToDouble(Mark::x).max().orElse(1);
        double highest = marks.stream().mapToDouble(Mark::y).max().orElse(1);
        double heaviest = marks.stream().mapToDouble(Mark::weight).max().orElse(1);
        double xStep = step(right);
        double yStep = step(highest);
        double xTop = Math.ceil(right * 1.02 / xStep) * xStep;
        double yTop = Math.ceil(highest * 1.02 / yStep) * yStep;
        DoubleUnaryOperator x = value -> LEFT + PLOT_WIDTH * value / xTop;
        DoubleUnaryOperator y = value -> TOP + PLOT_HEIGHT * (1 - value / yTop);
        StringBuilder svg = open(what);
        grid(svg, yStep, yTop, y);
        for (double tick = 0; tick <= xTop * 1.0001; tick += xStep) {
            text(svg, "middle", x.applyAsDouble(tick), TOP + PLOT_HEIGHT + 17, Html.format("%,.0f", tick));
        }
        for (Mark mark : marks) {
            svg.append(Html.format(
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%s</title></circle>",
                    x.applyAsDouble(mark.x()),
                    y.applyAsDouble(mark.y()),
                    3 + 11 * Math.sqrt(mark.weight() / heaviest),
                    Html.escape(mark.title())));
        }
        return close(svg, xAxis, yAxis);
    }

    private static StringBuilder open(String what) {
        return new StringBuilder(Html.format(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, Html.escape(what)));
    }

    private static String close(StringBuilder svg, String xAxis, String yAxis) {
        text(svg, "middle", LEFT + PLOT_WIDTH / 2.0, HEIGHT - 6, xAxis);
        svg.append(Html.format(
                "<text class=\"axis\" text-anchor=\"middle\" transform=\"translate(13 %.1f) rotate(-90)\">%s</text>",
                TOP + PLOT_HEIGHT / 2.0, Html.escape(yAxis)));
        return svg.append("</svg>").toString();
    }

    private static void grid(StringBuilder svg, double step, double top, DoubleUnaryOperator y) {
        for (double tick = 0; tick <= top * 1.0001; tick += step) {
            double at = y.applyAsDouble(tick);
            svg.append(Html.format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, at, at));
            text(svg, "end", LEFT - 7, at + 4, Html.format("%,.0f", tick));
        }
    }

    private static void text(StringBuilder svg, String anchor, double x, double y, String text) {
        svg.append(Html.format(
                "<text class=\"axis\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                anchor, x, y, Html.escape(text)));
    }

    /** Returns the step of about five round ticks, at least 1: all axes count things. */
    static double step(double highest) {
        return Ticks.step(Math.max(1, highest / 5));
    }
}
