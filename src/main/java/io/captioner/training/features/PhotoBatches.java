package io.captioner.training.features;

import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import io.captioner.jobs.DaemonThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Batches of decoded photos, decoded by a thread of its own at most {@value #AHEAD} batches ahead of the one caller.
 * With mirrored copies, each photo is followed by its mirror image.
 */
final class PhotoBatches implements AutoCloseable {
    private static final int AHEAD = 2;

    private final PhotoReader reader;
    private final ImagePreparation preparation;
    private final boolean mirrored;
    private final int batchSize;
    private final List<Path> photos;
    private final ExecutorService decoding;
    private final Queue<Future<byte[]>> ahead = new ArrayDeque<>();
    private int submitted;

    /**
     * Starts decoding.
     *
     * @param batchSize photos a batch, without mirrored copies
     */
    PhotoBatches(PhotoReader reader, ImagePreparation preparation, boolean mirrored, int batchSize, List<Path> photos) {
        this.reader = reader;
        this.preparation = preparation;
        this.mirrored = mirrored;
        this.batchSize = batchSize;
        this.photos = photos;
        this.decoding = DaemonThreads.pool("photo-decoding", 1);
        for (int i = 0; i < AHEAD; i++) {
            submit();
        }
    }

    /**
     * Waits for the next batch, which exists if {@link #hasNext}.
     *
     * @return RGB pixels of its images one after another
     * @throws IOException if a photo cannot be read; names it
     */
    byte[] next() throws IOException {
        Future<byte[]> batch = ahead.remove();
        submit();
        try {
            return batch.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while decoding photos", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("bug: decoding failed", e.getCause());
        }
    }

    boolean hasNext() {
        return !ahead.isEmpty();
    }

    @Override
    public void close() {
        decoding.shutdownNow();
    }

    private void submit() {
        if (submitted < photos.size()) {
            List<Path> batch = photos.subList(submitted, Math.min(submitted + batchSize, photos.size()));
            submitted += batch.size();
            ahead.add(decoding.submit(() -> decode(batch)));
        }
    }

    private byte[] decode(List<Path> batch) throws IOException {
        ImageSize size = preparation.size();
        int image = size.width() * size.height() * preparation.channels();
        byte[] rgb = new byte[batch.size() * (mirrored ? 2 : 1) * image];
        int end = 0;
        for (Path photo : batch) {
            Pixels pixels = reader.read(photo, preparation);
            Augmentation.copy(pixels, size, Augmentation.Variation.IDENTITY, rgb, end);
            end += image;
            if (mirrored) {
                Augmentation.copy(pixels, size, Augmentation.Variation.MIRRORED, rgb, end);
                end += image;
            }
        }
        return rgb;
    }
}
