package io.captioner.bench;

import io.captioner.bench.ReplicaSimulation.Period;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/** Courses of replicas under one load as an SVG picture: load, replicas, waits and refusals over the same minutes. */
final class StepChart {
    private static final String[] COLOURS = {"#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"};
    private static final int WIDTH = 860;
    private static final int LEFT = 60;
    private static final int PANEL = 110;
    private static final int GAP = 34;
    private static final int TOP = 58;

    private StepChart() {}

    static String draw(Map<String, List<Period>> courses, DoubleUnaryOperator rate) {
        int height = TOP + 4 * (PANEL + GAP) + 10;
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH,
                height);
        append(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
        legend(svg, courses);
        panel(svg, 0, "photos/s offered", courses, period -> rate.applyAsDouble(period.from()));
        panel(svg, 1, "replicas that are ready", courses, Period::ready);
        panel(
                svg,
                2,
                "p99 of the queue, s",
                courses,
                period -> period.waits().count() == 0 ? 0 : period.waits().millis(99) / 1000);
        panel(svg, 3, "refused, % of the photos", courses, period -> 100.0 * period.refused() / period.offered());
        append(svg, "</svg>");
        return svg.toString();
    }

    private static void legend(StringBuilder svg, Map<String, List<Period>> courses) {
        int i = 0;
        for (String name : courses.keySet()) {
            int x = LEFT + i * 270;
            append(
                    svg,
                    "<rect x=\"%d\" y=\"14\" width=\"14\" height=\"4\" fill=\"%s\"/><text x=\"%d\" y=\"20\">%s</text>",
                    x,
                    COLOURS[i],
                    x + 20,
                    name);
            i++;
        }
    }

    private static void panel(
            StringBuilder svg,
            int row,
            String title,
            Map<String, List<Period>> courses,
            ToDoubleFunction<Period> value) {
        int top = TOP + row * (PANEL + GAP);
        double most = Math.max(
                1e-9,
                courses.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(value)
                        .max()
                        .orElse(1));
        double seconds = courses.values().stream()
                .mapToDouble(periods -> periods.get(periods.size() - 1).from() + 15)
                .max()
                .orElse(1);
        append(svg, "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>", LEFT, top - 8, title);
        append(
                svg,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#bbb\"/>",
                LEFT,
                top,
                WIDTH - LEFT - 10,
                PANEL);
        append(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LEFT - 6, top + 10, Table.number(most));
        append(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>", LEFT - 6, top + PANEL);
        for (int minute = 0; minute * 60 <= seconds; minute += 10) {
            double x = x(minute * 60, seconds);
            append(svg, "<path d=\"M%.1f %dv4\" stroke=\"#888\"/>", x, top + PANEL);
            append(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#666\">%d min</text>",
                    x,
                    top + PANEL + 16,
                    minute);
        }
        int i = 0;
        for (List<Period> periods : courses.values()) {
            StringBuilder path = new StringBuilder();
            for (Period period : periods) {
                double x = x(period.from(), seconds);
                double y = top + PANEL * (1 - value.applyAsDouble(period) / most);
                path.append(String.format(Locale.ROOT, path.isEmpty() ? "M%.1f %.1f" : "H%.1fV%.1f", x, y));
            }
            append(
                    svg,
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" stroke-opacity=\"0.85\"/>",
                    path,
                    COLOURS[i++]);
        }
    }

    private static double x(double second, double seconds) {
        return LEFT + (WIDTH - LEFT - 10) * second / seconds;
    }

    private static void append(StringBuilder svg, String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
