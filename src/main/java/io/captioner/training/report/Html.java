package io.captioner.training.report;

import java.util.Base64;
import java.util.Locale;

/** Text, numbers and pictures as they stand in a page. */
public final class Html {
    private Html() {}

    /** Returns text that stands for itself between tags and in quoted attributes. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Formats with English digits and marks. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** Rounds, but what is not all is not called all. */
    public static String percent(double share) {
        return share < 1 && share > 0.999 ? "over\u200999.9\u2009%" : format("%.1f\u2009%%", 100 * share);
    }

    /** Returns an image that is in the page itself. */
    public static String jpeg(byte[] jpeg, String description) {
        return "<img loading=\"lazy\" alt=\"%s\" src=\"data:image/jpeg;base64,%s\">"
                .formatted(escape(description), Base64.getEncoder().encodeToString(jpeg));
    }
}
