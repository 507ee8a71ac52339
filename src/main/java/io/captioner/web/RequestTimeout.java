package io.captioner.web;

import io.captioner.caption.CaptionFailure;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** The header by which a client sets how long it waits for its captions. */
public final class RequestTimeout {
    public static final String HEADER = "X-Request-Timeout";

    private RequestTimeout() {}

    /**
     * Reads {@code 5s}, {@code 1500ms} or plain seconds.
     *
     * @return null for none
     * @throws CaptionFailure if it is no positive duration
     */
    public static @Nullable Duration parse(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(value.strip(), ChronoUnit.SECONDS);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException notADuration) {
            // Falls through to the refusal, which says what a duration is.
        }
        throw CaptionFailure.invalidParameter(
                HEADER, "%s must be a positive duration such as 5s or 1500ms, not '%s'.".formatted(HEADER, value));
    }
}
