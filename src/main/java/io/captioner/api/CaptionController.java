package io.captioner.api;

import io.captioner.caption.CaptionCommand;
import io.captioner.caption.CaptionResponse;
import io.captioner.caption.CaptionService;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.caption.ScoreResponse;
import io.captioner.web.AccessLogFields;
import io.captioner.web.ClientConnection;
import io.captioner.web.ImageUploads;
import io.captioner.web.RemoteImages;
import io.captioner.web.RequestTimeout;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The routes {@code POST /captions}, which captions photos, and {@code POST /captions/score}, which scores texts. */
@RestController
@Profile("!training")
final class CaptionController {
    private final CaptionService service;
    private final CaptionRenderer renderer;
    private final ImageUploads uploads;

    CaptionController(
            CaptionService service,
            CaptionRenderer renderer,
            ImageProperties limits,
            RequestProperties requests,
            RemoteImages remote) {
        this.service = service;
        this.renderer = renderer;
        this.uploads = new ImageUploads(limits, requests, remote);
    }

    @PostMapping(
            path = ImageUploads.PATH,
            produces = {
                MediaType.APPLICATION_JSON_VALUE,
                MediaType.TEXT_PLAIN_VALUE,
                MediaType.TEXT_HTML_VALUE,
                MediaType.IMAGE_PNG_VALUE,
                CaptionFormat.CSV_VALUE,
                MediaType.TEXT_EVENT_STREAM_VALUE
            })
    ResponseEntity<?> caption(
            @ParameterObject CaptionQuery query,
            @RequestHeader(name = RequestTimeout.HEADER, required = false) @Nullable String timeout,
            HttpServletRequest request,
            HttpServletResponse answer)
            throws IOException, ServletException, HttpMediaTypeNotAcceptableException {
        CaptionFormat format = CaptionFormat.of(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        Duration wait = RequestTimeout.parse(timeout);
        try (ImageUploads.Received received = uploads.read(request)) {
            AccessLogFields fields = AccessLogFields.of(request);
            fields.images(received.images().size());
            CaptionResponse response = service.caption(
                    new CaptionCommand(received.images(), query.options(format), wait, ClientConnection.gone(request)));
            fields.answered(response);
            ResponseEntity<?> rendered = renderer.render(format, received.images(), response, wait);
            if (format == CaptionFormat.HTML) {
                answer.setHeader(CaptionRenderer.POLICY, CaptionRenderer.REPORT_POLICY);
            }
            return rendered;
        }
    }

    @PostMapping(path = ImageUploads.SCORE_PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    ScoreAnswer score(
            @ParameterObject ScoreQuery query,
            @RequestHeader(name = RequestTimeout.HEADER, required = false) @Nullable String timeout,
            HttpServletRequest request)
            throws IOException, ServletException {
        try (ImageUploads.Received received = uploads.read(request)) {
            AccessLogFields fields = AccessLogFields.of(request);
            fields.images(received.images().size());
            ScoreResponse response = service.score(
                    query.command(received.images(), RequestTimeout.parse(timeout), ClientConnection.gone(request)));
            fields.scored(response);
            return ScoreAnswer.of(response);
        }
    }
}
