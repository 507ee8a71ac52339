package io.captioner.api;

import io.captioner.caption.CaptionCommand;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionService;
import io.captioner.caption.ImageProperties;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The route that photos are sent to. */
@RestController
@Profile("!training")
final class CaptionController {
    static final String PATH = "/captions";
    static final String TIMEOUT = "X-Request-Timeout";

    private final CaptionService service;
    private final ImageUploads uploads;

    CaptionController(CaptionService service, ImageProperties limits) {
        this.service = service;
        this.uploads = new ImageUploads(limits);
    }

    @PostMapping(
            path = PATH,
            consumes = {MediaType.MULTIPART_FORM_DATA_VALUE, "image/*", MediaType.APPLICATION_OCTET_STREAM_VALUE},
            produces = MediaType.APPLICATION_JSON_VALUE)
    CaptionAnswer caption(
            @Valid @ParameterObject CaptionQuery query,
            @RequestHeader(name = TIMEOUT, required = false) @Nullable String timeout,
            HttpServletRequest request)
            throws IOException, ServletException {
        requireKnownParameters(request);
        return CaptionAnswer.of(
                service.caption(new CaptionCommand(uploads.read(request), query.options(), duration(timeout))));
    }

    /** A misspelt parameter would otherwise be ignored, and its sender wonder why it does nothing. */
    private static void requireKnownParameters(HttpServletRequest request) {
        for (String name : request.getParameterMap().keySet()) {
            if (!CaptionQuery.knows(name) && !name.equals(ImageUploads.PART)) {
                throw CaptionFailure.invalidParameter(
                        name, "There is no parameter '%s': there are %s.".formatted(name, CaptionQuery.names()));
            }
        }
    }

    private static @Nullable Duration duration(@Nullable String timeout) {
        if (timeout == null) {
            return null;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(timeout.strip(), ChronoUnit.SECONDS);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (IllegalArgumentException | ArithmeticException notADuration) {
            // Falls through to the refusal, which says what a duration is.
        }
        throw CaptionFailure.invalidParameter(
                TIMEOUT, "%s must be a positive duration such as 5s or 1500ms, not '%s'.".formatted(TIMEOUT, timeout));
    }
}
