package io.captioner.training.report;

import freemarker.core.HTMLOutputFormat;
import io.captioner.html.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A chart as an SVG element, coloured by the style sheet of its page: columns, dots or lines on axes with round
 * numbers. All text in it is escaped.
 */
public final class SvgChart {
    private static final Frame WIDE = new Frame(640, 260, 62, 12, 14, 44);
    private static final Frame SMALL = new Frame(460, 240, 52, 12, 12, 30);
    private static final int MOST_LABELS = 24;
    private static final int TICKS = 5;
    private static final int MOST_POINTS = 600;

    /** Lines of more points are drawn pale, under their moving average. */
    private static final int NOISY_POINTS = 100;

    private static final double DECAY = 0.97;
    private static final int DOTTED_POINTS = 30;

    private final Frame frame;
    private final StringBuilder svg = new StringBuilder();

    private SvgChart(Frame frame, String label) {
        this.frame = frame;
        add("<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", frame.width, frame.height, escape(label));
    }

    /** The size of a chart and the margins around its plot, in units of the view box. */
    private record Frame(int width, int height, int left, int right, int top, int bottom) {
        int plotWidth() {
            return width - left - right;
        }

        int plotHeight() {
            return height - top - bottom;
        }

        DoubleUnaryOperator x(double from, double to) {
            return value -> to > from ? left + (value - from) / (to - from) * plotWidth() : left + plotWidth() / 2.0;
        }

        DoubleUnaryOperator y(double from, double to) {
            return value -> height - bottom - (value - from) / (to - from) * plotHeight();
        }
    }

    /**
     * A dot.
     *
     * @param weight in proportion to its area
     * @param title shown when it is pointed at
     */
    public record Mark(double x, double y, double weight, String title) {}

    /**
     * A column.
     *
     * @param label below it
     * @param title shown when it is pointed at
     */
    public record Column(String label, double value, String title) {}

    /** Draws columns from zero. */
    public static String columns(String label, String xAxis, String yAxis, List<Column> columns) {
        SvgChart chart = new SvgChart(WIDE, label);
        double highest = max(columns.stream(), Column::value, 0);
        double step = countStep(highest);
        double top = Math.max(step, Math.ceil(highest / step) * step);
        DoubleUnaryOperator y = WIDE.y(0, top);
        chart.grid(0, top, step, y, 7);
        double each = (double) WIDE.plotWidth() / Math.max(1, columns.size());
        double bar = Math.min(46, Math.max(1, each * 0.78));
        int labelled = (columns.size() + MOST_LABELS - 1) / MOST_LABELS;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            double middle = WIDE.left + each * (i + 0.5);
            double at = y.applyAsDouble(column.value());
            chart.add(
                    "<rect class=\"mark\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"1.5\"><title>%s</title></rect>",
                    middle - bar / 2, at, bar, y.applyAsDouble(0) - at, escape(column.title()));
            if (i % labelled == 0) {
                chart.text("middle", middle, WIDE.height - WIDE.bottom + 17, column.label());
            }
        }
        chart.axes(xAxis, yAxis);
        return chart.end();
    }

    /** Draws dots on axes from zero. */
    public static String scatter(String label, String xAxis, String yAxis, List<Mark> marks) {
        SvgChart chart = new SvgChart(WIDE, label);
        double right = max(marks.stream(), Mark::x, 1);
        double highest = max(marks.stream(), Mark::y, 1);
        double heaviest = max(marks.stream(), Mark::weight, 1);
        double xStep = countStep(right);
        double yStep = countStep(highest);
        double xTop = Math.ceil(right * 1.02 / xStep) * xStep;
        double yTop = Math.ceil(highest * 1.02 / yStep) * yStep;
        DoubleUnaryOperator x = WIDE.x(0, xTop);
        DoubleUnaryOperator y = WIDE.y(0, yTop);
        chart.grid(0, yTop, yStep, y, 7);
        chart.labels(0, xTop, xStep, x, 17);
        for (Mark mark : marks) {
            chart.add(
                    "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>%s</title></circle>",
                    x.applyAsDouble(mark.x()),
                    y.applyAsDouble(mark.y()),
                    3 + 11 * Math.sqrt(mark.weight() / heaviest),
                    escape(mark.title()));
        }
        chart.axes(xAxis, yAxis);
        return chart.end();
    }

    /**
     * Draws a line for each series, and its moving average where it is noisy.
     *
     * @param xAxis what the horizontal axis counts
     */
    public static String lines(String label, String xAxis, List<Series> series) {
        SvgChart chart = new SvgChart(SMALL, label);
        double left = -max(points(series), point -> -point.x(), 0);
        double right = max(points(series), Series.Point::x, 1);
        double low = -max(points(series), point -> -point.y(), 0);
        double high = max(points(series), Series.Point::y, 1);
        double margin = high > low ? 0.06 * (high - low) : Math.max(1e-6, Math.abs(high) * 0.1);
        double bottom = low >= 0 ? Math.max(0, low - margin) : low - margin;
        double top = high + margin;
        DoubleUnaryOperator x = SMALL.x(left, right);
        DoubleUnaryOperator y = SMALL.y(bottom, top);
        double yStep = step((top - bottom) / TICKS);
        chart.grid(bottom, top, yStep, y, 6);
        chart.labels(left, right, Math.max(1, step((right - left) / TICKS)), x, 16);
        chart.text("end", SMALL.width - SMALL.right, SMALL.height - 2, xAxis);
        for (int i = 0; i < series.size(); i++) {
            Series line = series.get(i);
            boolean isNoisy = line.points().size() > NOISY_POINTS;
            if (isNoisy) {
                chart.line(line.thinned(MOST_POINTS), 0, x, y);
            }
            chart.line(isNoisy ? line.smoothed(DECAY).thinned(MOST_POINTS) : line, i + 1, x, y);
        }
        return chart.end();
    }

    private static Stream<Series.Point> points(List<Series> series) {
        return series.stream().flatMap(line -> line.points().stream());
    }

    private static <T> double max(Stream<T> values, ToDoubleFunction<T> value, double ofNone) {
        return values.mapToDouble(value).max().orElse(ofNone);
    }

    /** Returns the step of about five round ticks, at least 1, on an axis from zero that counts things. */
    static double countStep(double highest) {
        return step(Math.max(1, highest / TICKS));
    }

    /** Returns the least of 1, 2, 5, 10 and so on that is not below a distance; 1 if that is not above 0. */
    private static double step(double distance) {
        if (!(distance > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(distance)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= distance) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private void grid(double from, double to, double step, DoubleUnaryOperator y, int gap) {
        for (double tick = Math.ceil(from / step) * step; tick <= to + 1e-4 * step; tick += step) {
            double at = y.applyAsDouble(tick);
            add(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    frame.left, frame.width - frame.right, at, at);
            text("end", frame.left - gap, at + 4, number(tick, step));
        }
    }

    private void labels(double from, double to, double step, DoubleUnaryOperator x, int gap) {
        for (double tick = Math.ceil(from / step) * step; tick <= to + 1e-4 * step; tick += step) {
            text("middle", x.applyAsDouble(tick), frame.height - frame.bottom + gap, number(tick, step));
        }
    }

    private void line(Series series, int number, DoubleUnaryOperator x, DoubleUnaryOperator y) {
        add("<polyline class=\"line l%d\" points=\"", number);
        series.points().forEach(point -> add("%.1f,%.1f ", x.applyAsDouble(point.x()), y.applyAsDouble(point.y())));
        add("\"/>");
        if (series.points().size() <= DOTTED_POINTS) {
            series.points()
                    .forEach(point -> add(
                            "<circle class=\"dot l%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\"/>",
                            number, x.applyAsDouble(point.x()), y.applyAsDouble(point.y())));
        }
    }

    private void axes(String xAxis, String yAxis) {
        text("middle", frame.left + frame.plotWidth() / 2.0, frame.height - 6, xAxis);
        add(
                "<text class=\"axis\" text-anchor=\"middle\" transform=\"translate(13 %.1f) rotate(-90)\">%s</text>",
                frame.top + frame.plotHeight() / 2.0, escape(yAxis));
    }

    private void text(String anchor, double x, double y, String text) {
        add("<text class=\"axis\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", anchor, x, y, escape(text));
    }

    private String end() {
        return svg.append("</svg>").toString();
    }

    private void add(String pattern, Object... values) {
        svg.append(Html.format(pattern, values));
    }

    private static String number(double value, double step) {
        int digits = (int) Math.max(0, Math.ceil(-Math.log10(step)));
        return Html.format("%,." + digits + "f", value);
    }

    private static String escape(String text) {
        return HTMLOutputFormat.INSTANCE.escapePlainText(text);
    }

    /**
     * One line of a chart.
     *
     * @param name as the legend has it
     * @param points in the order of x, all finite
     */
    public record Series(String name, List<Point> points) {
        /** A point of the line. */
        public record Point(double x, double y) {}

        public Series {
            points = List.copyOf(points);
        }

        /** Returns the exponential moving average of the line. */
        Series smoothed(double decay) {
            List<Point> smooth = new ArrayList<>();
            double mean = Double.NaN;
            for (Point point : points) {
                mean = Double.isNaN(mean) ? point.y() : decay * mean + (1 - decay) * point.y();
                smooth.add(new Point(point.x(), mean));
            }
            return new Series(name + ", smoothed", smooth);
        }

        /** Returns the line with at most {@code most} evenly spaced points and its last. */
        Series thinned(int most) {
            int stride = Math.max(1, (points.size() + most - 1) / most);
            List<Point> kept = new ArrayList<>();
            for (int i = 0; i < points.size(); i++) {
                if (i % stride == 0 || i == points.size() - 1) {
                    kept.add(points.get(i));
                }
            }
            return new Series(name, kept);
        }
    }
}
