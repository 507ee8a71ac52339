package io.captioner.bulk;

import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.captioner.batching.Batched;
import io.captioner.batching.Deadline;
import io.captioner.batching.DynamicBatcher;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.jobs.Sha256;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.InvalidDecodeRequestException;
import io.captioner.model.Manifest;
import io.captioner.model.djl.DjlBundleLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One model that captions streams of photos: read and found as the service does it, by the same decoder, batcher, graph
 * and defaults, so the captions are the service's. Safe for use by several threads, each with a stream of its own;
 * their photos share the device's batches.
 */
final class BulkCaptioner implements AutoCloseable {
    /** Batches that wait for the device at most; a stream that finds no room waits. */
    private static final int WAITING_BATCHES = 8;

    private static final int ATTEMPTS = 2;
    private static final int CONCURRENT_BATCHES = 2;

    private final CaptionModel model;
    private final DecodeOptions options;
    private final PhotoCaption.Origin origin;
    private final PhotoDecoder decoder;
    private final int batchSize;
    private final long maxBytes;
    private final Semaphore room;
    private final DynamicBatcher<DecodeOptions, Pixels, List<Hypothesis>> batcher;

    /** Loads and checks a bundle. */
    static BulkCaptioner open(Path bundle, CaptioningProperties properties) throws IOException {
        CaptionModel model = DjlBundleLoader.load(bundle, properties.device());
        try {
            return new BulkCaptioner(model, Sha256.of(bundle.resolve(Bundle.MANIFEST)), properties);
        } catch (IOException | RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /**
     * A captioner with a model that it owns from now on.
     *
     * @throws UnusableJobException if an option is out of its range
     */
    BulkCaptioner(CaptionModel model, String bundleSha256, CaptioningProperties properties) {
        Manifest manifest = model.manifest();
        this.model = model;
        this.options = options(properties, manifest);
        this.origin = new PhotoCaption.Origin(
                manifest.name() + "/" + manifest.version(), bundleSha256, PhotoCaption.Search.of(options));
        this.decoder = new PhotoDecoder(properties.limits());
        this.batchSize = properties.batchSize();
        this.maxBytes = properties.maxBytes().toBytes();
        this.room = new Semaphore(WAITING_BATCHES * batchSize, true);
        this.batcher = new DynamicBatcher<>(
                "bulk",
                settings(batchSize),
                (key, images) -> model.caption(images, key),
                thrown -> false, // a batch that does not fit is halved like any other failed batch
                Runnable::run,
                System::nanoTime,
                BatchListener.NONE);
    }

    /** Returns what all captions of this captioner have in common. */
    PhotoCaption.Origin origin() {
        return origin;
    }

    /** Returns how many bytes of a photo are needed: of a longer one no more is read. */
    int bytesNeeded() {
        return (int) maxBytes + 1;
    }

    /**
     * Captions a stream of photos, two batches ahead of its reader: while the device has one, the calling thread reads
     * and decodes the next.
     *
     * @param photos whole files, or their first {@link #bytesNeeded} bytes; null for one that cannot be read
     * @return one for each photo, in order; for the calling thread. A failure of the device for every photo is thrown
     */
    Iterator<PhotoCaption> caption(Iterator<byte @Nullable []> photos) {
        return new PhotoStream(photos, this);
    }

    int batchSize() {
        return batchSize;
    }

    /** Decodes a batch and submits it to the device, waiting for room. */
    List<PendingPhoto> submit(List<byte @Nullable []> files) {
        PhotoReading reading =
                new PhotoReading(decoder, model.manifest().input().size(), maxBytes, origin);
        List<PendingPhoto> pending =
                new ArrayList<>(files.stream().map(reading::read).toList());
        List<Integer> readable = new ArrayList<>();
        List<Pixels> pixels = new ArrayList<>();
        for (int i = 0; i < pending.size(); i++) {
            Pixels decoded = pending.get(i).pixels();
            if (decoded != null) {
                readable.add(i);
                pixels.add(decoded);
            }
        }
        room.acquireUninterruptibly(pixels.size());
        List<CompletableFuture<Batched<List<Hypothesis>>>> runs = batcher.submitAll(options, pixels, Deadline.never());
        for (int i = 0; i < runs.size(); i++) {
            int at = readable.get(i);
            pending.set(at, pending.get(at).with(runs.get(i).whenComplete((answer, failure) -> room.release())));
        }
        return pending;
    }

    /** Waits for one photo. */
    PhotoCaption await(PendingPhoto photo) {
        return photo.await(model, origin);
    }

    @Override
    public void close() {
        batcher.close();
        model.close();
    }

    private static DecodeOptions options(CaptioningProperties properties, Manifest manifest) {
        try {
            return properties.decoding().resolve(manifest);
        } catch (InvalidDecodeRequestException refused) {
            throw new UnusableJobException("captioner.bulk: " + refused.getMessage());
        }
    }

    private static BatchSettings settings(int batchSize) {
        return new BatchSettings(
                batchSize,
                BatchSettings.powersOfTwoUpTo(batchSize),
                WAITING_BATCHES * batchSize,
                Duration.ZERO,
                ATTEMPTS,
                CONCURRENT_BATCHES,
                1);
    }
}
