package io.captioner.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One pod: a house with so many permits, a queue, and a device that takes what waits whenever it is free. Times are
 * seconds since the start of the simulation and only grow. Decoding is left out, and of two runs at once the sum.
 */
final class SimulatedReplica {
    private static final double WINDOW = 60;

    private final ServiceCurve curve;
    private final double listensAt;
    private final double readyAt;
    private final Deque<Double> queue = new ArrayDeque<>();
    private final Deque<Scrape> scrapes = new ArrayDeque<>();
    private int running;
    private double runsUntil;
    private double waited;
    private long images;

    /** Is told of an image: how long it waited for the device, and how long until it is done. */
    @FunctionalInterface
    interface Listener {
        void ran(double waited, double took);
    }

    private record Scrape(double at, double waited, long images) {}

    /**
     * A pod that was created just now.
     *
     * @param listensAt when it is no longer pending, and can be scraped
     * @param readyAt when requests come
     */
    SimulatedReplica(ServiceCurve curve, double listensAt, double readyAt) {
        this.curve = curve;
        this.listensAt = listensAt;
        this.readyAt = readyAt;
    }

    boolean isReady(double now) {
        return now >= readyAt;
    }

    boolean isPending(double now) {
        return now < listensAt;
    }

    /** Takes an image in; returns false if the house is full. */
    boolean offer(double now, Listener listener) {
        advance(now, listener);
        if (queue.size() + running >= curve.capacity()) {
            return false;
        }
        queue.add(now);
        advance(now, listener);
        return true;
    }

    /** Lets the device run until now; the listener is told of each image when its run begins. */
    void advance(double now, Listener listener) {
        while (true) {
            if (running > 0 && runsUntil > now) {
                return;
            }
            double free = running > 0 ? runsUntil : now;
            running = 0;
            if (queue.isEmpty()) {
                return;
            }
            begin(Math.max(free, queue.element()), listener);
        }
    }

    private void begin(double start, Listener listener) {
        running = Math.min(queue.size(), curve.largestBatch());
        runsUntil = start + curve.seconds(running);
        for (int i = 0; i < running; i++) {
            double wait = Math.max(0, start - queue.remove());
            waited += wait;
            images++;
            listener.ran(wait, wait + runsUntil - start);
        }
    }

    /** Prometheus reads the meters {@code captioner_queue_seconds_sum} and {@code _count}. */
    void scrape(double now) {
        if (!isPending(now)) {
            scrapes.add(new Scrape(now, waited, images));
        }
    }

    /**
     * Returns the rate of the sum over the rate of the count over the last minute, as the rule of the adapter has it;
     * NaN without two scrapes in it.
     */
    double queueSeconds(double now) {
        while (!scrapes.isEmpty() && scrapes.element().at() <= now - WINDOW) {
            scrapes.remove();
        }
        if (scrapes.size() < 2) {
            return Double.NaN;
        }
        Scrape first = scrapes.getFirst();
        Scrape last = scrapes.getLast();
        long ran = last.images() - first.images();
        return ran == 0 ? 0 : (last.waited() - first.waited()) / ran;
    }
}
