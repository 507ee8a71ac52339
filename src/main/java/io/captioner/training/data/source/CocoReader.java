package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * COCO's caption annotations: {@code images} with {@code id} and {@code file_name}, {@code annotations} with
 * {@code image_id} and {@code caption}, in either order. Images come in the file's order, and so do the captions of
 * each.
 */
final class CocoReader implements CaptionFormat.Reader {
    @Override
    public void read(Path file, CaptionEntry.Sink sink) throws IOException {
        Map<String, String> images = new LinkedHashMap<>();
        Map<String, List<String>> captions = new LinkedHashMap<>();
        JsonArrays.forEach(
                file,
                JsonArrays.NAME_FORMAT,
                Map.of(
                        "images",
                        (number, image) -> image(where(file, "images", number), image, images, sink),
                        "annotations",
                        (number, annotation) -> annotation(file, number, annotation, captions, sink)));
        images.forEach((id, name) -> {
            List<String> written = captions.remove(id);
            sink.entry(new CaptionEntry(
                    "%s, image %s".formatted(file.getFileName(), id),
                    name,
                    null,
                    written == null ? List.of() : written));
        });
        captions.forEach((id, written) -> sink.unreadable(
                "%s, image %s".formatted(file.getFileName(), id),
                "%d caption(s) of an image that is not among the images".formatted(written.size())));
    }

    private static boolean image(String where, JsonNode image, Map<String, String> images, CaptionEntry.Sink sink) {
        JsonNode name = image.path("file_name");
        if (!isId(image.path("id")) || !name.isString()) {
            sink.unreadable(where, "an image needs an \"id\" and a \"file_name\"");
        } else if (images.putIfAbsent(image.path("id").asString(), name.asString()) != null) {
            sink.unreadable(where, "the id of '%s' is another image's".formatted(name.asString()));
        }
        return true;
    }

    private static boolean annotation(
            Path file, int number, JsonNode annotation, Map<String, List<String>> captions, CaptionEntry.Sink sink) {
        String where = where(file, "annotations", number);
        JsonNode image = annotation.path("image_id");
        JsonNode caption = annotation.path("caption");
        if (annotation.has("bbox") && !annotation.has("caption")) {
            throw new UncheckedIOException(new UnusableFileException(
                    "%s holds boxes without captions, as COCO's instances do (annotations[%d]); name captions_*.json"
                            .formatted(file, number - 1)));
        } else if (!isId(image) || !(caption.isString() || caption.isNull())) {
            sink.unreadable(where, "an annotation needs an \"image_id\" and a \"caption\"");
        } else {
            captions.computeIfAbsent(image.asString(), id -> new ArrayList<>())
                    .add(caption.isString() ? caption.asString() : "");
        }
        return true;
    }

    /** Numbers in COCO, texts in files that were made after it. */
    private static boolean isId(JsonNode id) {
        return id.isIntegralNumber() || id.isString();
    }

    private static String where(Path file, String array, int number) {
        return "%s, %s[%d]".formatted(file.getFileName(), array, number - 1);
    }
}
