package io.captioner.bulk;

import io.captioner.batching.BatchListener;
import io.captioner.batching.BatchSettings;
import io.captioner.batching.Batched;
import io.captioner.batching.Deadline;
import io.captioner.batching.DynamicBatcher;
import io.captioner.caption.CaptionFailure;
import io.captioner.files.Sha256;
import io.captioner.image.ImagePreparation;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.image.format.UnreadableImageException;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
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

    /** A stream fills batches by itself: the rule that forms them for clients, which works without a delay, is off. */
    private static final Duration MAX_DELAY = Duration.ofMillis(1);

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
                new PhotoReading(decoder, model.manifest().input().preparation(), maxBytes, origin);
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
                MAX_DELAY,
                ATTEMPTS,
                CONCURRENT_BATCHES,
                1);
    }

    /** The captions of a stream of photos, in order, with up to two batches in flight. For one thread. */
    static final class PhotoStream implements Iterator<PhotoCaption> {
        private final Iterator<byte @Nullable []> photos;
        private final BulkCaptioner captioner;
        private final Queue<PendingPhoto> inFlight = new ArrayDeque<>();

        PhotoStream(Iterator<byte @Nullable []> photos, BulkCaptioner captioner) {
            this.photos = photos;
            this.captioner = captioner;
        }

        @Override
        public boolean hasNext() {
            return !inFlight.isEmpty() || photos.hasNext();
        }

        @Override
        public PhotoCaption next() {
            while (inFlight.size() <= captioner.batchSize() && photos.hasNext()) {
                List<byte @Nullable []> batch = new ArrayList<>();
                while (batch.size() < captioner.batchSize() && photos.hasNext()) {
                    batch.add(photos.next());
                }
                inFlight.addAll(captioner.submit(batch));
            }
            PendingPhoto photo = inFlight.poll();
            if (photo == null) {
                throw new NoSuchElementException("all photos are captioned");
            }
            return captioner.await(photo);
        }
    }

    /** From the bytes of a file to pixels for the model, or to the reason why not: the service's reasons. */
    static final class PhotoReading {
        /** The one reason that a request cannot have. */
        static final String MISSING_FILE = "MISSING_FILE";

        private final PhotoDecoder decoder;
        private final ImagePreparation preparation;
        private final long maxBytes;
        private final PhotoCaption.Origin origin;

        PhotoReading(PhotoDecoder decoder, ImagePreparation preparation, long maxBytes, PhotoCaption.Origin origin) {
            this.decoder = decoder;
            this.preparation = preparation;
            this.maxBytes = maxBytes;
            this.origin = origin;
        }

        PendingPhoto read(byte @Nullable [] file) {
            if (file == null) {
                return refused(MISSING_FILE, "The file is gone, or may not be read: check its permissions.");
            }
            if (file.length == 0) {
                return refused(CaptionFailure.Reason.EMPTY_IMAGE.name(), "The file is empty.");
            }
            if (file.length > maxBytes) {
                return refused(
                        CaptionFailure.Reason.TOO_MANY_BYTES.name(),
                        "The file has more than %d bytes, the limit of captioner.bulk.max-bytes.".formatted(maxBytes));
            }
            try {
                Photo photo = decoder.decode(file, preparation);
                return PendingPhoto.decoded(photo);
            } catch (UnreadableImageException refused) {
                return refused(reason(refused.reason()).name(), String.valueOf(refused.getMessage()));
            }
        }

        private PendingPhoto refused(String reason, String message) {
            return PendingPhoto.refused(origin.failed(reason, message));
        }

        private static CaptionFailure.Reason reason(UnreadableImageException.Reason reason) {
            return switch (reason) {
                case NOT_AN_IMAGE -> CaptionFailure.Reason.NOT_AN_IMAGE;
                case CORRUPT -> CaptionFailure.Reason.UNREADABLE_IMAGE;
                case TOO_LARGE -> CaptionFailure.Reason.TOO_MANY_PIXELS;
            };
        }
    }
}
