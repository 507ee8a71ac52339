package io.captioner.caption;

import java.time.Duration;
import java.util.List;

/**
 * Receives the events of requests and their images. Calls come from the threads of the requests, several at the same
 * time; they must return at once. What a listener throws fails the request: it is a bug.
 */
public interface CaptionListener {
    /** Ignores all events. */
    CaptionListener NONE = new CaptionListener() {};

    /** A part of a request that takes time. */
    enum Stage {
        /** Reading, decoding and resizing of all images, waiting for a free decoder included. */
        DECODE,
        /** Waiting for the captions of all images: in the queue, then on the device. */
        INFERENCE
    }

    /** Where the captions of an image came from. */
    enum Source {
        /** The device, for this image. */
        DEVICE,
        /** The device, for the same image of another upload that was in flight. */
        SHARED,
        /** The cache. */
        CACHE
    }

    /** Why images were not admitted. */
    enum Refusal {
        /** No permits are free. */
        NO_ROOM,
        /** They would not be done within their time. */
        TOO_LATE,
        /** The service is shutting down. */
        SHUTTING_DOWN
    }

    /** A stage that goes on until it is closed, on the thread that entered it. */
    @FunctionalInterface
    interface Span extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns a listener that passes each event on to all of these, in order. */
    static CaptionListener all(List<CaptionListener> listeners) {
        return listeners.size() == 1 ? listeners.get(0) : new CaptionListeners(listeners);
    }

    /** The request of this thread enters a stage; the span is closed when it leaves it, also by failing. */
    default Span entered(Stage stage) {
        return () -> {};
    }

    /** Images were rejected before anything was done for them. */
    default void refused(Refusal why, int images) {}

    /** An image got its captions from this source. */
    default void found(Source source) {}

    /** An image was answered with this best caption. */
    default void captioned(CaptionQualityStats best) {}

    /** An image was answered with the scores of this many texts. */
    default void scored(int texts) {}

    /** A request was answered; {@code took} is the time since the service was called. */
    default void answered(Protocol protocol, int images, Duration took) {}

    /** A request failed; {@code took} is the time since the service was called. */
    default void failed(Protocol protocol, CaptionFailure.Reason reason, Duration took) {}
}
