package io.captioner.compat.oip;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageUpload;
import io.captioner.compat.EmbeddedImages;
import io.captioner.web.InMemoryImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The reader and writer of tensors. In the binary form an element of type BYTES is its length in four bytes,
 * little-endian, and its bytes.
 */
final class Tensors {
    static final String IMAGE = "image";

    private Tensors() {}

    /**
     * Reads the images of the one input.
     *
     * @param binary the bytes after the JSON
     * @throws CaptionFailure if there is another input, or a tensor does not fit its shape
     */
    static List<ImageUpload> images(JsonNode inputs, ByteBuffer binary, EmbeddedImages reader) {
        JsonNode input = inputs.path(0);
        if (inputs.size() != 1
                || !input.path("name").asString("").equals(IMAGE)
                || !input.path("datatype").asString("").equals("BYTES")) {
            throw CaptionFailure.invalidParameter("inputs", "Send one input, 'image', of datatype BYTES.");
        }
        JsonNode size = input.path("parameters").path("binary_data_size");
        List<ImageUpload> images = size.isNumber() ? binary(binary, size.asInt(-1)) : texts(input.path("data"), reader);
        long elements = 1;
        for (JsonNode dimension : input.path("shape")) {
            elements *= dimension.asLong(0);
        }
        if (elements != images.size()) {
            throw CaptionFailure.invalidParameter(
                    "shape", "The shape of 'image' has %d elements, its data %d.".formatted(elements, images.size()));
        }
        return images;
    }

    private static List<ImageUpload> binary(ByteBuffer binary, int size) {
        ByteBuffer left = binary.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<ImageUpload> images = new ArrayList<>();
        if (left.remaining() != size) {
            throw unreadable("binary_data_size is %d, but %d bytes follow the JSON.".formatted(size, left.remaining()));
        }
        while (left.hasRemaining()) {
            int length = left.remaining() < Integer.BYTES ? -1 : left.getInt();
            if (length < 0 || length > left.remaining()) {
                throw unreadable("An element of 'image' has no length of four bytes, or fewer bytes than it says.");
            }
            byte[] image = new byte[length];
            left.get(image);
            images.add(new InMemoryImage(image));
        }
        return images;
    }

    /** Texts of base64, in any nesting. */
    private static List<ImageUpload> texts(JsonNode data, EmbeddedImages reader) {
        List<ImageUpload> images = new ArrayList<>();
        for (JsonNode element : data) {
            if (element.isArray()) {
                images.addAll(texts(element, reader));
            } else if (element.isString()) {
                images.add(reader.read(element.stringValue(), images.size()));
            } else {
                throw CaptionFailure.invalidParameter("data", "JSON cannot hold bytes: send base64, or binary data.");
            }
        }
        return images;
    }

    /** Returns texts in the binary form. */
    static byte[] bytes(List<String> texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .array());
            bytes.writeBytes(utf8);
        }
        return bytes.toByteArray();
    }

    /** Returns numbers in the binary form of FP32. */
    static byte[] floats(List<Float> numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        numbers.forEach(bytes::putFloat);
        return bytes.array();
    }

    private static CaptionFailure unreadable(String message) {
        return CaptionFailure.of(Reason.UNREADABLE_IMAGE, message);
    }
}
