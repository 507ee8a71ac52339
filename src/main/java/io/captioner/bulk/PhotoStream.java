package io.captioner.bulk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The captions of a stream of photos, in order, with up to two batches in flight. For one thread. */
final class PhotoStream implements Iterator<PhotoCaption> {
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
