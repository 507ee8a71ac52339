package io.captioner.training.explore;

import java.util.Locale;

/** Text and numbers as they stand in a page. */
final class Html {
    private Html() {}

    /** Returns text that shows as it is, in elements and in quoted attributes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Formats with English digits and marks. */
    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    static String percent(double share) {
        return format("%.1f\u2009%%", 100 * share);
    }
}
