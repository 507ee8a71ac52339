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

    /** Rounds, but what is not all is not called all. */
    static String percent(double share) {
        return share < 1 && share > 0.999 ? "over\u200999.9\u2009%" : format("%.1f\u2009%%", 100 * share);
    }
}
