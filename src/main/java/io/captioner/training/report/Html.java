package io.captioner.training.report;

import java.util.Base64;

/** Pieces of HTML. */
final class Html {
    private Html() {}

    /** Returns text that stands for itself between tags and in quoted attributes. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Returns an image that is in the page itself. */
    static String jpeg(byte[] jpeg, String description) {
        return "<img loading=\"lazy\" alt=\"%s\" src=\"data:image/jpeg;base64,%s\">"
                .formatted(escaped(description), Base64.getEncoder().encodeToString(jpeg));
    }
}
