package io.captioner.caption;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.ContactSheet;
import io.captioner.attention.Thumbnails;
import io.captioner.batching.Deadline;
import io.captioner.caption.CaptionResponse.Caption;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.caption.CaptionResponse.Word;
import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of an answer: the upright photos, and the photos under the attention of each word of their best captions.
 * The answer must have {@link AttentionDetail#GRID}. Photos are decoded again, on the thread of the request, at most as
 * many at a time as for captions; safe for use by several threads.
 */
public final class CaptionPictures {
    private static final int LARGEST_SIDE = 320;

    private final BoundedImageDecoder decoder;
    private final RequestProperties limits;
    private final LongSupplier nanoTime;

    CaptionPictures(BoundedImageDecoder decoder, RequestProperties limits, LongSupplier nanoTime) {
        this.decoder = decoder;
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    /**
     * A photo as JPEGs of equal size.
     *
     * @param photo upright
     * @param words the photo under the attention of each word of the best caption; empty for a model without attention
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once
    public record Illustrated(byte[] photo, List<byte[]> words) {}

    /**
     * Returns a PNG with a panel for each photo and each word.
     *
     * @param images as they were captioned
     * @param answer of these images
     * @param timeout how long to wait for a free decoder, null for the time that a request has by default
     * @throws CaptionFailure if no decoder is free in time
     */
    public byte[] contactSheet(List<ImageUpload> images, CaptionResponse answer, @Nullable Duration timeout) {
        int panels = answer.results().stream()
                .mapToInt(image -> 1 + best(image).words().size())
                .sum();
        List<ContactSheet.Captioned> photos = draw(
                images,
                answer,
                timeout,
                image -> ContactSheet.panel(image.width(), image.height(), panels),
                CaptionPictures::captioned);
        return ContactSheet.png(photos);
    }

    /**
     * Returns a PNG with a panel for a photo and each word of one caption of it.
     *
     * @param width columns of the upright original
     * @param height rows of the upright original
     * @param words with all weights of their attention
     * @throws CaptionFailure if no decoder is free in time
     */
    public byte[] contactSheet(ImageUpload image, int width, int height, String title, List<Word> words) {
        ImageSize size = ContactSheet.panel(width, height, 1 + words.size());
        Pixels photo = decoder.read(
                image,
                Deadline.after(limits.timeout(), nanoTime),
                bytes -> decoder.decode(bytes, ImagePreparation.stretch(size)).pixels());
        return ContactSheet.png(List.of(new ContactSheet.Captioned(photo, title, attended(words))));
    }

    /** Returns the pictures of each image; parameters and failures as for {@link #contactSheet}. */
    public List<Illustrated> illustrate(List<ImageUpload> images, CaptionResponse answer, @Nullable Duration timeout) {
        return draw(
                images, answer, timeout, image -> fitting(image.width(), image.height()), CaptionPictures::illustrated);
    }

    private static Illustrated illustrated(CaptionedImage image, Pixels photo) {
        List<byte[]> words = new ArrayList<>();
        for (Word word : best(image).words()) {
            if (word.attention() != null) {
                words.add(Thumbnails.word(photo, grid(word.attention())));
            }
        }
        return new Illustrated(Thumbnails.photo(photo), words);
    }

    @FunctionalInterface
    private interface Drawing<T> {
        T of(CaptionedImage image, Pixels photo);
    }

    private <T> List<T> draw(
            List<ImageUpload> images,
            CaptionResponse answer,
            @Nullable Duration timeout,
            Function<CaptionedImage, ImageSize> size,
            Drawing<T> drawing) {
        Deadline deadline = Deadline.after(Objects.requireNonNullElse(timeout, limits.timeout()), nanoTime);
        List<T> drawn = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            CaptionedImage image = answer.results().get(i);
            drawn.add(decoder.read(
                    images.get(i),
                    deadline,
                    bytes -> drawing.of(
                            image,
                            decoder.decode(bytes, ImagePreparation.stretch(size.apply(image)))
                                    .pixels())));
        }
        return drawn;
    }

    private static ContactSheet.Captioned captioned(CaptionedImage image, Pixels photo) {
        String title = String.format(
                Locale.ROOT,
                "%s  (%.0f\u2009%%)",
                best(image).textOrReason(),
                100 * best(image).confidence());
        return new ContactSheet.Captioned(photo, title, attended(best(image).words()));
    }

    private static List<ContactSheet.Word> attended(List<Word> words) {
        List<ContactSheet.Word> attended = new ArrayList<>();
        for (Word word : words) {
            if (word.attention() != null) {
                attended.add(new ContactSheet.Word(word.word(), word.probability(), grid(word.attention())));
            }
        }
        return attended;
    }

    private static Caption best(CaptionedImage image) {
        return image.captions().get(0);
    }

    private static AttentionGrid grid(CaptionResponse.Attention attention) {
        CaptionResponse.Grid grid = Objects.requireNonNull(attention.grid(), "bug: pictures need all weights");
        float[] weights = new float[grid.rows() * grid.columns()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = grid.weights()
                    .get(i / grid.columns())
                    .get(i % grid.columns())
                    .floatValue();
        }
        return new AttentionGrid(weights, grid.rows(), grid.columns());
    }

    private static ImageSize fitting(int width, int height) {
        double scale = (double) LARGEST_SIDE / Math.max(width, height);
        return new ImageSize(
                Math.max(1, (int) Math.round(width * scale)), Math.max(1, (int) Math.round(height * scale)));
    }
}
