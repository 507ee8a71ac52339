package io.captioner.caption;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.Thumbnails;
import io.captioner.batching.Deadline;
import io.captioner.caption.CaptionResponse.Attention;
import io.captioner.caption.CaptionResponse.Grid;
import io.captioner.caption.CaptionResponse.Word;
import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Pictures of the attention of captions. Safe for use by several threads. */
public final class AttentionPictures {
    /** Pixels of the longer side of a photo in a picture. */
    private static final int SIDE = 224;

    private final BoundedImageDecoder decoder;
    private final Duration timeout;
    private final LongSupplier nanoTime;

    /**
     * A painter.
     *
     * @param timeout most time that a photo waits to be decoded
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    AttentionPictures(BoundedImageDecoder decoder, Duration timeout, LongSupplier nanoTime) {
        this.decoder = decoder;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    /**
     * Returns a JPEG of a photo, followed by the photo under the attention of each word, in rows of four; null if the
     * words have no grids.
     *
     * @param width columns of the upright original
     * @param height rows of the upright original
     * @throws CaptionFailure if the photo is rejected, or waits too long to be decoded
     */
    public byte @Nullable [] sheet(ImageUpload photo, int width, int height, List<Word> words) {
        List<AttentionGrid> grids = new ArrayList<>();
        for (Word word : words) {
            Attention attention = word.attention();
            if (attention == null || attention.grid() == null) {
                return null;
            }
            grids.add(grid(attention.grid()));
        }
        if (grids.isEmpty()) {
            return null;
        }
        double scale = (double) SIDE / Math.max(width, height);
        ImageSize size = new ImageSize(
                (int) Math.max(1, Math.round(width * scale)), (int) Math.max(1, Math.round(height * scale)));
        Pixels pixels = decoder.read(
                photo,
                Deadline.after(timeout, nanoTime),
                bytes -> decoder.decode(bytes, ImagePreparation.stretch(size)).pixels());
        return Thumbnails.sheet(pixels, grids);
    }

    private static AttentionGrid grid(Grid grid) {
        float[] weights = new float[grid.rows() * grid.columns()];
        int cell = 0;
        for (List<Double> row : grid.weights()) {
            for (double weight : row) {
                weights[cell++] = (float) weight;
            }
        }
        return new AttentionGrid(weights, grid.rows(), grid.columns());
    }
}
