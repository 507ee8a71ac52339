package io.captioner.archive;

import io.captioner.archive.ArchiveListener.Miss;
import io.captioner.caption.AnswerKeeper;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionResponse;
import io.captioner.caption.CaptionResponse.CaptionedImage;
import io.captioner.files.Sha256;
import io.captioner.image.ImageSize;
import io.captioner.image.Photo;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Thumbnail;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.model.DecodeOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps every answer in the archive, and gives an image its archive id only when its entry is durable. */
final class AnswerArchiver implements AnswerKeeper {
    private static final Logger log = LoggerFactory.getLogger(AnswerArchiver.class);

    /** After a failure the next answers are not kept, so that they do not wait for another failure. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final int ID_DIGITS = 32;

    private final AnswerStore store;
    private final GroupCommit writer;
    private final PhotoDecoder decoder;
    private final ArchiveProperties properties;
    private final ArchiveListener listener;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private volatile boolean started;
    private volatile @Nullable Long pausedSince;

    AnswerArchiver(
            AnswerStore store,
            GroupCommit writer,
            PhotoDecoder decoder,
            ArchiveProperties properties,
            ArchiveListener listener,
            Clock clock,
            LongSupplier nanoTime) {
        this.store = store;
        this.writer = writer;
        this.decoder = decoder;
        this.properties = properties;
        this.listener = listener;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Begins to keep answers: those before are of photos that the service sent itself. */
    void start() {
        started = true;
    }

    @Override
    public CaptionResponse keep(CaptionResponse response, List<Original> originals) {
        if (!started) {
            return response;
        }
        long start = nanoTime.getAsLong();
        List<@Nullable Keeping> keepings = new ArrayList<>();
        for (int i = 0; i < originals.size(); i++) {
            keepings.add(keep(response, response.results().get(i), originals.get(i)));
        }
        List<CaptionedImage> kept = new ArrayList<>();
        boolean all = true;
        for (int i = 0; i < originals.size(); i++) {
            Keeping keeping = keepings.get(i);
            boolean durable = keeping != null && isDurable(keeping.durable(), start);
            all &= durable || keeping == null;
            CaptionedImage image = response.results().get(i);
            kept.add(durable ? image.archived(keeping.id()) : image);
        }
        if (!all && properties.required()) {
            throw CaptionFailure.retryable(
                    Reason.NOT_READY,
                    "The caption could not be archived, as captioner.archive.required demands: try again after the seconds in"
                            + " Retry-After.",
                    PAUSE);
        }
        return response.with(kept);
    }

    /** An answer on its way; {@code durable} is null if it is not tried. */
    private record Keeping(String id, @Nullable CompletableFuture<Void> durable) {}

    /** Returns null for an image whose caption is withheld, which is no answer to find again. */
    private @Nullable Keeping keep(CaptionResponse response, CaptionedImage image, Original original) {
        CaptionResponse.Caption best = image.captions().get(0);
        String text = best.text();
        if (text == null) {
            return null;
        }
        String id = id(original.sha256(), response);
        if (store.has(id)) {
            return new Keeping(id, CompletableFuture.completedFuture(null));
        }
        Long since = pausedSince;
        if (since != null && nanoTime.getAsLong() - since < PAUSE.toNanos()) {
            return new Keeping(id, null);
        }
        ArchivedCaption entry = new ArchivedCaption(
                id,
                original.sha256(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                image.filename(),
                image.width(),
                image.height(),
                text,
                best.confidence(),
                best.logProbability(),
                response.model().name() + "/" + response.model().version(),
                response.model().bundleSha256(),
                null);
        return new Keeping(id, writer.submit(Change.keep(entry, thumbnail(original))));
    }

    private boolean isDurable(@Nullable CompletableFuture<Void> durable, long start) {
        if (durable == null) {
            listener.missed(Miss.UNAVAILABLE);
            return false;
        }
        try {
            long left = properties.timeout().toNanos() - (nanoTime.getAsLong() - start);
            durable.get(Math.max(0, left), TimeUnit.NANOSECONDS);
            pausedSince = null;
            return true;
        } catch (TimeoutException e) {
            missed(Miss.LATE);
        } catch (ExecutionException e) {
            missed(e.getCause() instanceof RejectedExecutionException ? Miss.OVERLOADED : Miss.UNAVAILABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            listener.missed(Miss.LATE);
        }
        return false;
    }

    private void missed(Miss why) {
        pausedSince = nanoTime.getAsLong();
        listener.missed(why);
    }

    /** The same file, bundle and search give the same caption. */
    private static String id(String sha256, CaptionResponse response) {
        DecodeOptions options = response.options();
        DecodeOptions.Sampling sampling = options.sampling();
        String identity = String.join(
                "|",
                sha256,
                response.model().bundleSha256(),
                "%d,%d,%s,%d"
                        .formatted(
                                options.beamWidth(),
                                options.maxWords(),
                                options.lengthPenalty(),
                                options.noRepeatNgram()),
                sampling == null
                        ? ""
                        : "%s,%d,%s,%d"
                                .formatted(sampling.temperature(), sampling.topK(), sampling.topP(), sampling.seed()));
        return Sha256.of(identity.getBytes(StandardCharsets.UTF_8)).substring(0, ID_DIGITS);
    }

    @Override
    public byte @Nullable [] thumbnail(Photo photo) {
        int side = properties.thumbnailSide();
        return !started || side == 0 ? null : Thumbnail.jpeg(photo.pixels(), photo.width(), photo.height(), side);
    }

    private byte @Nullable [] thumbnail(Original original) {
        int side = properties.thumbnailSide();
        if (original.thumbnail() != null || side == 0) {
            return original.thumbnail();
        }
        try {
            synchronized (decoder) { // its caption was known before it was decoded
                return thumbnail(decoder.decode(original.upload().bytes(), new ImageSize(side, side)));
            }
        } catch (IOException | UnreadableImageException e) {
            log.warn("An archived answer has no thumbnail: {}", e.toString());
            return null;
        }
    }
}
