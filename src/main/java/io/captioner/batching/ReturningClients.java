package io.captioner.batching;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Predicts how many clients that have just been answered are about to send their next input. The time from an answer to
 * the next announcement is measured, and an answer counts until nearly all earlier ones had been followed: the smoothed
 * mean and four times the smoothed deviation, as TCP computes its retransmission time-out (RFC 6298). Not safe for use
 * by several threads.
 */
final class ReturningClients {
    private static final double MEAN_GAIN = 1.0 / 8;
    private static final double DEVIATION_GAIN = 1.0 / 4;

    private final Deque<Answered> answered = new ArrayDeque<>();
    private double mean;
    private double deviation;
    private boolean measured;

    private record Answered(long at, int inputs) {}

    /** Inputs have been answered. */
    void answered(int inputs, long now) {
        if (inputs > 0) {
            answered.addLast(new Answered(now, inputs));
        }
    }

    /**
     * Inputs have been announced: they follow the oldest answers.
     *
     * @param longest nanoseconds after which an input is no longer taken as following an answer
     */
    void announced(int inputs, long now, double longest) {
        int left = inputs;
        while (left > 0 && !answered.isEmpty()) {
            Answered oldest = answered.removeFirst();
            double delay = now - oldest.at;
            if (delay > longest) {
                continue;
            }
            measure(delay);
            int matched = Math.min(left, oldest.inputs);
            left -= matched;
            if (matched < oldest.inputs) {
                answered.addFirst(new Answered(oldest.at, oldest.inputs - matched));
            }
        }
    }

    /** Returns how many inputs are expected to be announced soon. */
    int expected(long now, double longest) {
        while (!answered.isEmpty() && now - answered.getFirst().at > longest) {
            answered.removeFirst();
        }
        return answered.stream()
                .filter(answer -> now - answer.at < window())
                .mapToInt(Answered::inputs)
                .sum();
    }

    /** Returns the nanoseconds until {@link #expected} is smaller without any input having been announced. */
    long untilFewer(long now) {
        return answered.stream()
                .mapToLong(answer -> (long) Math.ceil(window()) - (now - answer.at))
                .filter(left -> left > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private double window() {
        return measured ? mean + 4 * deviation : 0;
    }

    private void measure(double delay) {
        if (measured) {
            deviation += DEVIATION_GAIN * (Math.abs(delay - mean) - deviation);
            mean += MEAN_GAIN * (delay - mean);
        } else {
            mean = delay;
            deviation = delay / 2;
            measured = true;
        }
    }
}
