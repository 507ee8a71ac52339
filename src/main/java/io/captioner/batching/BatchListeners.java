package io.captioner.batching;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several listeners as one. */
final class BatchListeners implements BatchListener {
    private static final Logger log = LoggerFactory.getLogger(BatchListeners.class);

    private final List<BatchListener> listeners;

    BatchListeners(List<BatchListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public void enqueued(int inputs, int waiting) {
        each(listener -> listener.enqueued(inputs, waiting));
    }

    @Override
    public void refused(int inputs) {
        each(listener -> listener.refused(inputs));
    }

    @Override
    public void ran(int size, int paddedSize, List<Duration> queued, Duration device) {
        each(listener -> listener.ran(size, paddedSize, queued, device));
    }

    @Override
    public void dropped(Drop why) {
        each(listener -> listener.dropped(why));
    }

    @Override
    public void retried(int inputs, Throwable cause) {
        each(listener -> listener.retried(inputs, cause));
    }

    @Override
    public void failed(int inputs, Throwable cause) {
        each(listener -> listener.failed(inputs, cause));
    }

    @Override
    public void ceilingChanged(int from, int to) {
        each(listener -> listener.ceilingChanged(from, to));
    }

    private void each(Consumer<BatchListener> event) {
        for (BatchListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                log.warn("a batch listener failed, so its figures are wrong from now on: fix the listener", e);
            }
        }
    }
}
