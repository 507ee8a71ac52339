package io.captioner.caption;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Several listeners as one. */
final class CaptionListeners implements CaptionListener {
    private final List<CaptionListener> listeners;

    CaptionListeners(List<CaptionListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Spans nest: the last listener's is closed first. */
    @Override
    public Span entered(Stage stage) {
        Deque<Span> spans = new ArrayDeque<>();
        listeners.forEach(listener -> spans.push(listener.entered(stage)));
        return () -> spans.forEach(Span::close);
    }

    @Override
    public void refused(Refusal why, int images) {
        listeners.forEach(listener -> listener.refused(why, images));
    }

    @Override
    public void found(Source source) {
        listeners.forEach(listener -> listener.found(source));
    }

    @Override
    public void captioned(CaptionQualityStats best) {
        listeners.forEach(listener -> listener.captioned(best));
    }

    @Override
    public void scored(int texts) {
        listeners.forEach(listener -> listener.scored(texts));
    }

    @Override
    public void answered(Protocol protocol, int images, Duration took) {
        listeners.forEach(listener -> listener.answered(protocol, images, took));
    }

    @Override
    public void failed(Protocol protocol, CaptionFailure.Reason reason, Duration took) {
        listeners.forEach(listener -> listener.failed(protocol, reason, took));
    }
}
