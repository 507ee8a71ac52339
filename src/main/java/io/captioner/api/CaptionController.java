package io.captioner.api;

import io.captioner.caption.CaptionCommand;
import io.captioner.caption.CaptionResponse;
import io.captioner.caption.CaptionService;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.web.AccessLogFields;
import io.captioner.web.ClientConnection;
import io.captioner.web.ImageUploads;
import io.captioner.web.RemoteImages;
import io.captioner.web.RequestTimeout;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The route {@code POST /captions}, which captions photos. */
@RestController
@Profile("!training")
final class CaptionController {
    private final CaptionService service;
    private final ImageUploads uploads;

    CaptionController(CaptionService service, ImageProperties limits, RequestProperties requests, RemoteImages remote) {
        this.service = service;
        this.uploads = new ImageUploads(limits, requests, remote);
    }

    @PostMapping(path = ImageUploads.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    CaptionAnswer caption(
            @ParameterObject CaptionQuery query,
            @RequestHeader(name = RequestTimeout.HEADER, required = false) @Nullable String timeout,
            HttpServletRequest request)
            throws IOException, ServletException {
        try (ImageUploads.Received received = uploads.read(request)) {
            AccessLogFields fields = AccessLogFields.of(request);
            fields.images(received.images().size());
            CaptionResponse response = service.caption(new CaptionCommand(
                    received.images(), query.options(request.getHeader(HttpHeaders.ACCEPT_LANGUAGE)), RequestTimeout.parse(timeout), ClientConnection.gone(request)));
            fields.answered(response);
            return CaptionAnswer.of(response);
        }
    }
}
