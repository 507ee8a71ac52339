package io.captioner.training.download;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Range} field (RFC 9110, section 14.4) as far as it is needed.
 *
 * @param start first byte sent, -1 if unsaid
 * @param total bytes of the whole file, -1 if unsaid
 */
record ContentRange(long start, long total) {
    private static final Pattern FIELD = Pattern.compile("bytes (?:(\\d{1,18})-\\d+|\\*)/(?:(\\d{1,18})|\\*)");

    static ContentRange of(@Nullable String field) {
        Matcher matcher = FIELD.matcher(field == null ? "" : field);
        return matcher.matches()
                ? new ContentRange(number(matcher.group(1)), number(matcher.group(2)))
                : new ContentRange(-1, -1);
    }

    private static long number(@Nullable String digits) {
        return digits == null ? -1 : Long.parseLong(digits);
    }
}
