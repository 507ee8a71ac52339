package io.captioner.web;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The recognition of text that was sent by mistake in place of a photo: a file name, a URL, form fields. */
final class SentText {
    private static final int LONGEST = 1024;

    /** Shorter than the base64 form of any image; no name of a file has neither a dot nor a slash and is that long. */
    private static final int SHORTEST_BASE64 = 48;

    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+=*");
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.%+*-]{1,64}=.*", Pattern.DOTALL);

    private SentText() {}

    /**
     * Explains a text that was sent as a photo.
     *
     * @param written how the photo is given to curl, up to the name of its file
     * @return null if it is no such text: then the reader of images decides
     */
    static @Nullable String explain(byte[] content, String written) {
        String text = content.length > LONGEST ? null : line(content);
        if (text == null || text.startsWith("data:") || text.startsWith("{") || text.startsWith("<")) {
            return null;
        }
        if (BASE64.matcher(text).matches() && text.length() >= SHORTEST_BASE64) {
            return null;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            return "A URL was sent, not a photo, and no URL is fetched: send the bytes of the photo, as in: curl %s@photo.jpg"
                    .formatted(written);
        }
        return "The text '%s' was sent, not a photo. To send a file, curl wants an @ before its name, as in: curl %s@photo.jpg"
                .formatted(shortened(text), written);
    }

    /** Returns whether a body begins like form fields in the encoding of addresses: a name and an equals sign. */
    static boolean isForm(byte[] content) {
        String start =
                new String(content, 0, Math.min(content.length, SHORTEST_BASE64 * 2), StandardCharsets.ISO_8859_1);
        return FORM.matcher(start).matches() && start.indexOf('=') < start.length() - 2;
    }

    /** Returns the one line of printable text that this is; null for anything else. */
    private static @Nullable String line(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8).strip();
        boolean printable = text.codePoints().allMatch(c -> c >= ' ' && c != 0x7f && c != 0xfffd);
        return text.isEmpty() || !printable ? null : text;
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
