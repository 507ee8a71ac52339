package io.captioner.compat;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.ImageUpload;
import io.captioner.web.ImageUploads;
import io.captioner.web.InMemoryImage;
import io.captioner.web.RemoteImages;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The reader of images in texts: base64 in either alphabet, with or without line ends and padding, or a {@code data:}
 * URI of it; or, where photos are fetched, their URL.
 */
@Component
@Profile("!training")
public final class EmbeddedImages {
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64";

    private final ImageProperties limits;
    private final RemoteImages remote;

    EmbeddedImages(ImageProperties limits, RemoteImages remote) {
        this.limits = limits;
        this.remote = remote;
    }

    /**
     * Reads one image.
     *
     * @param index of the image in its request, counted from 0
     * @throws CaptionFailure if the text is no base64, or has too many bytes
     */
    public ImageUpload read(String text, int index) {
        String stripped = text.strip();
        if (RemoteImages.isUrl(stripped)) {
            return remote.fetch(stripped, index);
        }
        byte[] bytes = decode(stripped, index);
        if (bytes.length == 0) {
            throw CaptionFailure.of(Reason.EMPTY_IMAGE, "Image %d has no bytes: send the whole file.".formatted(index))
                    .atImage(index, null);
        }
        if (bytes.length > limits.maxBytes().toBytes()) {
            throw CaptionFailure.of(Reason.TOO_MANY_BYTES, ImageUploads.tooManyBytes(limits))
                    .atImage(index, null);
        }
        return new InMemoryImage(bytes);
    }

    private static byte[] decode(String text, int index) {
        int begin = 0;
        if (text.regionMatches(true, 0, DATA, 0, DATA.length())) {
            int comma = text.indexOf(',');
            if (comma < 0 || !text.regionMatches(true, comma - BASE64.length(), BASE64, 0, BASE64.length())) {
                throw unreadable("Image %d is a data URI without base64: write data:image/jpeg;base64,…", index);
            }
            begin = comma + 1;
        }
        try {
            return Base64.getDecoder().decode(alphabetOnly(text, begin));
        } catch (IllegalArgumentException notBase64) {
            throw unreadable(
                    "Image %d is not base64: encode the bytes of the file, with or without data:image/jpeg;base64, before them.",
                    index);
        }
    }

    /** Returns the characters without blanks and line ends, in the usual alphabet. */
    private static byte[] alphabetOnly(String text, int begin) {
        byte[] characters = text.substring(begin).getBytes(StandardCharsets.ISO_8859_1);
        int kept = 0;
        for (byte one : characters) {
            if (!Character.isWhitespace(one)) {
                characters[kept++] = one == '-' ? (byte) '+' : one == '_' ? (byte) '/' : one;
            }
        }
        return kept == characters.length ? characters : Arrays.copyOf(characters, kept);
    }

    private static CaptionFailure unreadable(String message, int index) {
        return CaptionFailure.of(Reason.UNREADABLE_IMAGE, message.formatted(index))
                .atImage(index, null);
    }
}
