package io.captioner.security;

import io.captioner.web.RequestAuthorizer.Pass;
import io.captioner.web.RequestRefusedException;
import io.captioner.web.RequestRefusedException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What each sender has left of its limits: a token bucket, and a count of the requests inside. For use by many threads,
 * one at a time: a few additions each.
 *
 * <p>Only a bounded number of senders is remembered. One whose bucket is full and who has nothing inside is as good as
 * new, so it is forgotten without a loss; if there are too many who are not, further ones wait.
 */
final class RateLimiter {
    private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

    /** When a request that is one too many inside should come again: some second later another one is over. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final int mostSenders;
    private final LongSupplier nanoTime;
    private final Map<String, Allowance> allowances = new HashMap<>();
    private long nextSweep;

    /**
     * RateLimiter that nothing is taken from yet.
     *
     * @param mostSenders how many are remembered at most
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    RateLimiter(int mostSenders, LongSupplier nanoTime) {
        this.mostSenders = mostSenders;
        this.nanoTime = nanoTime;
        this.nextSweep = nanoTime.getAsLong();
    }

    private static final class Allowance {
        private double left;
        private long since;
        private int inside;
        private Limits limits;

        Allowance(Limits limits, long now) {
            this.limits = limits;
            this.left = limits.burst();
            this.since = now;
        }

        void refill(Limits current, long now) {
            left = Math.min(current.burst(), left + (now - since) * current.requestsPerSecond() / NANOS);
            since = now;
            limits = current;
        }

        boolean isAsNew(long now) {
            refill(limits, now);
            return inside == 0 && left >= limits.burst();
        }
    }

    /**
     * Takes one request from a sender's allowance.
     *
     * @return what gives its place inside back
     * @throws RequestRefusedException if there is nothing left of it
     */
    synchronized Pass enter(Client sender) throws RequestRefusedException {
        long now = nanoTime.getAsLong();
        Limits limits = sender.limits();
        @Nullable Allowance known = allowances.get(sender.id());
        if (known == null) {
            makeRoom(now);
        }
        Allowance allowance = known == null ? new Allowance(limits, now) : known;
        allowance.refill(limits, now);
        if (allowance.inside >= limits.concurrent()) {
            throw refused(
                    "You have %d requests inside, and may have no more: wait for their answers."
                            .formatted(allowance.inside),
                    SOON);
        }
        if (allowance.left < 1) {
            throw refused(
                    "You may send %s requests a second, and %d at once after a pause: try again after the seconds in Retry-After."
                            .formatted(number(limits.requestsPerSecond()), limits.burst()),
                    Duration.ofNanos((long) Math.ceil((1 - allowance.left) / limits.requestsPerSecond() * NANOS)));
        }
        allowance.left--;
        allowance.inside++;
        allowances.put(sender.id(), allowance);
        return new Place(sender.logged(), allowance);
    }

    /** Returns how many senders are remembered. */
    synchronized int size() {
        return allowances.size();
    }

    private void makeRoom(long now) throws RequestRefusedException {
        if (allowances.size() < mostSenders) {
            return;
        }
        if (now - nextSweep >= 0) {
            allowances.values().removeIf(allowance -> allowance.isAsNew(now));
            nextSweep = now + NANOS;
        }
        if (allowances.size() >= mostSenders) {
            throw refused("There are too many senders at the moment: try again later.", SOON);
        }
    }

    private synchronized void leave(Allowance allowance) {
        allowance.inside--;
    }

    private static RequestRefusedException refused(String detail, Duration retryAfter) {
        return RequestRefusedException.later(Reason.RATE_LIMITED, detail, retryAfter);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** A place inside that a request has until it is closed. */
    private final class Place implements Pass {
        private final @Nullable String caller;
        private final Allowance allowance;
        private final AtomicBoolean left = new AtomicBoolean();

        Place(@Nullable String caller, Allowance allowance) {
            this.caller = caller;
            this.allowance = allowance;
        }

        @Override
        public @Nullable String caller() {
            return caller;
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                leave(allowance);
            }
        }
    }
}
