package io.captioner.batching;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears, one line an event. */
final class RecordingListener implements BatchListener {
    final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void enqueued(int inputs, int waiting) {
        events.add("enqueued " + inputs);
    }

    @Override
    public void refused(int inputs) {
        events.add("refused " + inputs);
    }

    @Override
    public void ran(int size, int paddedSize, List<Duration> queued, Duration device) {
        events.add("ran %d as %d".formatted(size, paddedSize));
    }

    @Override
    public void dropped(Drop why) {
        events.add("dropped " + why);
    }

    @Override
    public void retried(int inputs, Throwable cause) {
        events.add("retried " + inputs);
    }

    @Override
    public void failed(int inputs, Throwable cause) {
        events.add("failed " + inputs);
    }

    @Override
    public void ceilingChanged(int from, int to) {
        events.add("ceiling %d to %d".formatted(from, to));
    }

    long count(String event) {
        return events.stream().filter(event::equals).count();
    }
}
