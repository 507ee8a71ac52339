package io.captioner.api;

import io.captioner.archive.ArchivePage;
import io.captioner.archive.ArchiveQuery;
import io.captioner.archive.ArchiveUnavailableException;
import io.captioner.archive.ArchivedCaption;
import io.captioner.archive.ArchivedCaption.Correction;
import io.captioner.archive.CaptionArchive;
import io.captioner.archive.OnLocalArchive;
import io.captioner.caption.CaptionFailure;
import io.captioner.web.ImageUploads;
import io.captioner.web.ProblemExceptionHandler;
import io.captioner.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The routes under {@code /captions} that find, correct and delete what was answered. */
@RestController
@Tag(name = "Archive")
@Profile("!training")
@Conditional(OnLocalArchive.class)
final class ArchiveController {
    private static final Logger log = LoggerFactory.getLogger(ArchiveController.class);
    private static final String ENTRY = ImageUploads.PATH + "/{id:[0-9a-f]{32}}";
    private static final String RETRY_SECONDS = "5";

    /** A text of the greatest length, each character written as an escape. */
    private static final int MAX_BODY = 6 * Correction.MAX_LENGTH + 1000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final CaptionArchive archive;

    ArchiveController(CaptionArchive archive) {
        this.archive = archive;
    }

    /** The JSON answer of {@code GET /captions}. */
    @Schema(name = "ArchivePage", description = "One page of the archived captions that were found.")
    record Page(
            @Schema(description = "How many were found.") long total,

            @Schema(description = "Number of this page, from 0.")
            int page,

            @Schema(description = "Most entries of a page.") int size,

            @Schema(description = "The entries of this page, in order.")
            List<ArchivedCaption> entries) {}

    @GetMapping(path = ImageUploads.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "searchCaptions",
            summary = "Finds archived captions",
            description = "By words (English stems, ranked by BM25), photo, time and confidence.")
    @ApiResponse(responseCode = "200", description = "One page of what was found")
    Page search(@ParameterObject ArchiveParameters parameters) {
        ArchiveQuery query = parameters.archiveQuery();
        ArchivePage found = archive.search(query);
        return new Page(found.total(), query.page(), query.size(), found.entries());
    }

    @GetMapping(path = ENTRY, produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "readCaption", summary = "Reads an archived caption")
    @ApiResponse(responseCode = "200", description = "The entry")
    @NoSuchEntry
    ArchivedCaption read(@PathVariable("id") String id) {
        return found(archive.find(id));
    }

    @GetMapping(path = ENTRY + "/thumbnail", produces = MediaType.IMAGE_JPEG_VALUE)
    @Operation(operationId = "readThumbnail", summary = "Reads the thumbnail of an archived photo")
    @ApiResponse(
            responseCode = "200",
            description = "The upright photo, made small",
            content =
                    @Content(
                            mediaType = MediaType.IMAGE_JPEG_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    @NoSuchEntry
    byte[] thumbnail(@PathVariable("id") String id) {
        return found(archive.thumbnail(id));
    }

    @PutMapping(path = ENTRY + "/correction", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "correctCaption",
            summary = "Keeps a corrected text beside the model's",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = Text.class))))
    @ApiResponse(responseCode = "200", description = "The entry as it is now")
    @NoSuchEntry
    ArchivedCaption correct(@PathVariable("id") String id, HttpServletRequest request) throws IOException {
        return found(archive.correct(id, text(request)));
    }

    /** The body of a correction. */
    @Schema(name = "CorrectedText")
    record Text(
            @Schema(description = "1 to " + Correction.MAX_LENGTH + " characters.", example = "My dog Rex at the lake")
            String text) {}

    @DeleteMapping(path = ENTRY + "/correction", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "removeCorrection", summary = "Removes a corrected text")
    @ApiResponse(responseCode = "200", description = "The entry as it is now")
    @NoSuchEntry
    ArchivedCaption uncorrect(@PathVariable("id") String id) {
        return found(archive.correct(id, null));
    }

    @DeleteMapping(ENTRY)
    @Operation(operationId = "deleteCaption", summary = "Deletes an archived caption with its thumbnail")
    @ApiResponse(responseCode = "204", description = "It is deleted")
    @NoSuchEntry
    ResponseEntity<Void> delete(@PathVariable("id") String id) {
        if (!archive.delete(id)) {
            throw new NoSuchEntryException();
        }
        return ResponseEntity.noContent().build();
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> noSuchEntry(NoSuchEntryException exception) {
        return problem(
                ProblemType.NOT_FOUND,
                "The archive has no such entry: it was deleted, or is older than captioner.archive.max-age.",
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(ArchiveUnavailableException exception) {
        log.warn("The archive is not available", exception.getCause());
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        return problem(ProblemType.NOT_READY, exception.getMessage(), headers);
    }

    private static ResponseEntity<ProblemDetail> problem(ProblemType type, String detail, HttpHeaders headers) {
        return ResponseEntity.status(type.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemExceptionHandler.problem(type, detail));
    }

    private static <T> T found(Optional<T> entry) {
        return entry.orElseThrow(NoSuchEntryException::new);
    }

    /** There is no such entry, or it has no thumbnail. */
    private static final class NoSuchEntryException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The answer for an id that the archive does not have. */
    @ApiResponse(
            responseCode = "404",
            description = "There is no such entry",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(ref = "#/components/schemas/Problem")))
    @Retention(RetentionPolicy.RUNTIME)
    private @interface NoSuchEntry {}

    private static String text(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MAX_BODY + 1);
        String text = "";
        try {
            text = JSON.readTree(body).path("text").asString("").strip();
        } catch (JacksonException unreadable) {
            log.debug("a correction could not be read", unreadable);
        }
        if (body.length > MAX_BODY || text.isEmpty() || text.length() > Correction.MAX_LENGTH) {
            throw CaptionFailure.invalidParameter(
                    "text",
                    "Send {\"text\": \"…\"} with a text of 1 to %d characters; DELETE removes a correction."
                            .formatted(Correction.MAX_LENGTH));
        }
        return text;
    }
}
