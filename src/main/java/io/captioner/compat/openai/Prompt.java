package io.captioner.compat.openai;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.ImageUpload;
import io.captioner.compat.EmbeddedImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The reader of the pictures in messages: those of the last message that has some. */
final class Prompt {
    private static final Set<String> IMAGE_PARTS = Set.of("image_url", "input_image");

    private Prompt() {}

    /**
     * Returns the pictures of messages; none for texts alone.
     *
     * @param messages a list of messages, or a text
     * @throws CaptionFailure if a picture has no URL, or is not base64
     */
    static List<ImageUpload> pictures(JsonNode messages, EmbeddedImages images) {
        List<String> found = List.of();
        for (JsonNode message : messages) {
            List<String> own = new ArrayList<>();
            for (JsonNode part : message.path("content")) {
                if (IMAGE_PARTS.contains(part.path("type").asString(""))) {
                    own.add(url(part));
                }
            }
            found = own.isEmpty() ? found : own;
        }
        List<ImageUpload> uploads = new ArrayList<>();
        for (String url : found) {
            uploads.add(images.read(url, uploads.size()));
        }
        return uploads;
    }

    /** The URL of a part: in an object, or as the text itself. */
    private static String url(JsonNode part) {
        JsonNode image = part.path("image_url");
        String url = text(image) == null ? text(image.path("url")) : text(image);
        if (url == null) {
            throw CaptionFailure.invalidParameter(
                    "image_url",
                    "A part with a picture needs image_url with data:image/jpeg;base64,… as its URL; files are not kept.");
        }
        return url;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }
}
