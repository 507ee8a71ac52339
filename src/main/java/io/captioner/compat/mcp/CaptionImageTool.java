package io.captioner.compat.mcp;

import io.captioner.caption.AttentionDetail;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionPictures;
import io.captioner.caption.ImageUpload;
import io.captioner.caption.Protocol;
import io.captioner.compat.CompatCaptions;
import io.captioner.compat.CompatCaptions.Answer;
import io.captioner.compat.CompatCaptions.Wish;
import io.captioner.compat.ConditionalOnProtocol;
import io.captioner.compat.Description;
import io.captioner.compat.EmbeddedImages;
import io.captioner.compat.ModelNames;
import io.captioner.compat.Replies;
import io.captioner.model.DecodeRequest;
import io.captioner.web.AccessLogFields;
import io.captioner.web.ProblemType;
import io.captioner.web.RemoteProperties;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tool {@code caption_image}. Its answer has the caption as text, a picture of the attention, and the words with
 * their probabilities and places as structured content.
 */
@Component
@ConditionalOnProtocol(Protocol.MCP)
final class CaptionImageTool {
    private static final String IMAGE = "image";
    private static final String URL = "url";
    private static final String OVERLAY = "overlay";
    private static final String MODEL = "model";
    /** Faults of the arguments, which a model that calls the tool can correct; others are answered by HTTP's status. */
    private static final Set<ProblemType> CORRECTABLE = Set.of(
            ProblemType.MISSING_IMAGE,
            ProblemType.EMPTY_IMAGE,
            ProblemType.UNREADABLE_IMAGE,
            ProblemType.NOT_AN_IMAGE,
            ProblemType.TOO_MANY_BYTES,
            ProblemType.TOO_MANY_PIXELS,
            ProblemType.INVALID_PARAMETER,
            ProblemType.UNKNOWN_MODEL);

    private static final String INPUT = """
            {"type": "object", "properties": {
              "image": {"type": "string", "description": "The bytes of the photo file as base64, or a data URI"},
              "url": {"type": "string", "description": "The address of the photo, in place of image"},
              "model": {"type": "string", "description": "The name of a model; without it the default one"},
              "overlay": {"type": "boolean", "default": true,
                "description": "Whether a picture is returned of the photo and, in rows of four, of where the model attended for each word"}}}
            """;
    private static final String OUTPUT = """
            {"type": "object", "required": ["caption", "confidence", "width", "height", "words"], "properties": {
              "caption": {"type": "string"},
              "confidence": {"type": "number", "description": "0 to 1"},
              "width": {"type": "integer", "description": "Columns of the photo; 0 where no words were found"},
              "height": {"type": "integer", "description": "Rows of the photo; 0 where no words were found"},
              "model": {"type": "string"},
              "words": {"type": "array", "items": {"type": "object", "required": ["word", "probability"], "properties": {
                "word": {"type": "string"},
                "probability": {"type": "number"},
                "peak": {"type": "object", "description": "The pixel with most of the attention"},
                "box": {"type": "object", "description": "The rectangle with half of the attention, in pixels"}}}}}}
            """;

    private final CompatCaptions captions;
    private final ModelNames names;
    private final EmbeddedImages images;
    private final CaptionPictures pictures;
    private final boolean remote;

    CaptionImageTool(
            CompatCaptions captions,
            ModelNames names,
            EmbeddedImages images,
            CaptionPictures pictures,
            RemoteProperties remote) {
        this.captions = captions;
        this.names = names;
        this.images = images;
        this.pictures = pictures;
        this.remote = remote.enabled();
    }

    /** Returns the description of the tool; it has {@code url} only where photos are fetched. */
    Tool tool() {
        Map<String, Object> input = schema(INPUT);
        if (!remote && input.get("properties") instanceof Map<?, ?> properties) {
            properties.remove(URL);
        }
        return Tool.builder("caption_image", input)
                .title("Describe a photo")
                .description("Describes a photo in one English sentence, and says for each word how probable it is and"
                        + " where in the photo the model attended. It answers no questions about the photo.")
                .outputSchema(schema(OUTPUT))
                .annotations(ToolAnnotations.builder()
                        .readOnlyHint(true)
                        .idempotentHint(true)
                        .openWorldHint(remote)
                        .build())
                .build();
    }

    CallToolResult call(McpTransportContext context, CallToolRequest call) {
        HttpServletRequest request = (HttpServletRequest) Objects.requireNonNull(context.get(McpController.REQUEST));
        try {
            return describe(request, Objects.requireNonNullElse(call.arguments(), Map.of()));
        } catch (RuntimeException thrown) {
            if (thrown instanceof CaptionFailure failure && CORRECTABLE.contains(ProblemType.of(failure.reason()))) {
                AccessLogFields.of(request)
                        .failed(ProblemType.of(failure.reason()).slug());
                return CallToolResult.builder()
                        .addTextContent(failure.getMessage())
                        .isError(true)
                        .build();
            }
            request.setAttribute(McpController.FAILURE, thrown);
            throw thrown;
        }
    }

    private CallToolResult describe(HttpServletRequest request, Map<String, Object> arguments) {
        String bundle = names.bundle(text(arguments, MODEL), List.of());
        ImageUpload photo = photo(arguments);
        boolean overlay = !Boolean.FALSE.equals(arguments.get(OVERLAY));
        Answer answer = captions.describe(
                request,
                Protocol.MCP,
                new Wish(
                        List.of(photo),
                        DecodeRequest.DEFAULTS,
                        bundle,
                        overlay ? AttentionDetail.GRID : AttentionDetail.SUMMARY));
        Description description = answer.descriptions().get(0);
        List<Content> content = new ArrayList<>();
        content.add(TextContent.builder(description.best().text()).build());
        if (description.best().words().stream()
                .anyMatch(word -> word.attention() != null && word.attention().grid() != null)) {
            byte[] sheet = pictures.contactSheet(
                    photo,
                    description.width(),
                    description.height(),
                    description.best().text(),
                    description.best().words());
            content.add(ImageContent.builder(Base64.getEncoder().encodeToString(sheet), MediaType.IMAGE_PNG_VALUE)
                    .build());
        }
        return CallToolResult.builder(content)
                .structuredContent(structured(answer, description))
                .build();
    }

    private static Map<String, Object> structured(Answer answer, Description description) {
        Map<String, Object> structured = new LinkedHashMap<>();
        structured.put("caption", description.best().text());
        if (answer.model() != null) {
            structured.put("model", answer.model().name() + "/" + answer.model().version());
        }
        structured.putAll(Replies.detail(description));
        return structured;
    }

    private ImageUpload photo(Map<String, Object> arguments) {
        String image = text(arguments, IMAGE);
        String url = text(arguments, URL);
        if (image.isEmpty() == url.isEmpty()) {
            throw CaptionFailure.of(
                    Reason.MISSING_IMAGE,
                    remote
                            ? "Send either the photo as base64 in image, or its address in url."
                            : "Send the photo as base64 in image.");
        }
        return images.read(image.isEmpty() ? url : image, 0);
    }

    private static String text(Map<String, Object> arguments, String name) {
        Object value = arguments.getOrDefault(name, "");
        if (value instanceof String text) {
            return text.strip();
        }
        throw CaptionFailure.invalidParameter(name, "%s must be a text.".formatted(name));
    }

    private static Map<String, Object> schema(String json) {
        return JsonMapper.shared().readValue(json, new tools.jackson.core.type.TypeReference<>() {});
    }
}
