package io.captioner.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Figures under headings, as aligned text and as JSON objects. */
final class Table {
    private static final String GAP = "  ";

    private final String title;
    private final List<String> columns;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();

    Table(String title, String... columns) {
        this.title = title;
        this.columns = List.of(columns);
    }

    /** Adds a row; a number that is null or NaN was not measured. */
    void row(@Nullable Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "bug: %d cells under %d headings of '%s'".formatted(cells.length, columns.size(), title));
        }
        List<@Nullable Object> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell instanceof Double number && !Double.isFinite(number) ? null : cell);
        }
        rows.add(row);
    }

    String title() {
        return title;
    }

    /** Returns each row as figures by their heading. */
    List<Map<String, @Nullable Object>> figures() {
        List<Map<String, @Nullable Object>> figures = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            Map<String, @Nullable Object> byHeading = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                byHeading.put(columns.get(i), row.get(i));
            }
            figures.add(byHeading);
        }
        return figures;
    }

    /**
     * Returns lines: the title, the headings, and the rows, the first column to the left and the others to the right.
     */
    String text() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        rows.forEach(row -> lines.add(row.stream().map(Table::text).toList()));
        int[] widths = IntStream.range(0, columns.size())
                .map(column -> lines.stream()
                        .mapToInt(line -> line.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return lines.stream().map(line -> aligned(line, widths)).collect(Collectors.joining("\n", title + "\n", "\n"));
    }

    private static String aligned(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - line.get(i).length());
            text.append(i == 0 ? "" : GAP).append(i == 0 ? line.get(i) + padding : padding + line.get(i));
        }
        return text.toString().stripTrailing();
    }

    private static String text(@Nullable Object cell) {
        if (cell == null) {
            return "-";
        }
        return cell instanceof Double number ? number(number) : cell.toString();
    }

    /** Returns a number with about three digits that say something. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 || size == 0 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }
}
