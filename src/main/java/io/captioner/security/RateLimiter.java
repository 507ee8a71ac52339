package io.captioner.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.web.RequestAuthorizer.Pass;
import io.captioner.web.RequestRefusedException;
import io.captioner.web.RequestRefusedException.Reason;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.LocalBucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rate limiter: for each sender a token bucket, and a count of its requests in flight. Safe for use by several
 * threads, which take a few microseconds of it one at a time.
 *
 * <p>The number of senders is bounded. A sender whose bucket is full and that has no request in flight equals a new
 * one, so it expires; while the others are as many as there may be, further senders are refused.
 */
final class RateLimiter {
    /** The wait that a sender with too many requests in flight is told: one of them ends about then. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Rates of one a second and more are counted over so many seconds, so that a fraction of a request counts. */
    private static final long RATE_SECONDS = 1_000_000;

    private final int mostSenders;
    private final TimeMeter clock;

    @GuardedBy("this") private final Cache<String, Allowance> allowances;

    /**
     * A rate limiter that has seen no request.
     *
     * @param mostSenders senders remembered at most
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    RateLimiter(int mostSenders, LongSupplier nanoTime) {
        this.mostSenders = mostSenders;
        this.clock = new Elapsed(nanoTime);
        this.allowances = Caffeine.newBuilder()
                .ticker(clock::currentTimeNanos)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Allowance>writing((id, allowance) -> allowance.untilAsNew()))
                .build();
    }

    /** The time since the start; the buckets, unlike {@link System#nanoTime()}, do not expect an overflow. */
    private static final class Elapsed implements TimeMeter {
        private final LongSupplier nanoTime;
        private final long start;

        Elapsed(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.start = nanoTime.getAsLong();
        }

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong() - start;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    private static final class Allowance {
        private final LocalBucket bucket;
        private int inside;
        private Limits limits;

        Allowance(Limits limits, TimeMeter clock) {
            this.limits = limits;
            this.bucket = Bucket.builder()
                    .addLimit(bandwidth(limits))
                    .withCustomTimePrecision(clock)
                    .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                    .build();
        }

        void limit(Limits current) {
            if (!limits.equals(current)) {
                limits = current;
                bucket.replaceConfiguration(
                        BucketConfiguration.builder()
                                .addLimit(bandwidth(current))
                                .build(),
                        TokensInheritanceStrategy.AS_IS);
            }
        }

        private Duration untilAsNew() {
            return inside > 0
                    ? Duration.ofNanos(Long.MAX_VALUE)
                    : Duration.ofNanos(
                            bucket.estimateAbilityToConsume(limits.burst()).getNanosToWaitForRefill());
        }

        private static Bandwidth bandwidth(Limits limits) {
            double rate = limits.requestsPerSecond();
            return rate >= 1
                    ? bandwidth(limits, Math.round(rate * RATE_SECONDS), TimeUnit.SECONDS.toNanos(RATE_SECONDS))
                    : bandwidth(limits, 1, Math.round(TimeUnit.SECONDS.toNanos(1) / rate));
        }

        private static Bandwidth bandwidth(Limits limits, long requests, long nanos) {
            return Bandwidth.builder()
                    .capacity(limits.burst())
                    .refillGreedy(requests, Duration.ofNanos(nanos))
                    .build();
        }
    }

    /**
     * Takes one request from a sender's allowance.
     *
     * @return what gives its place inside back
     * @throws RequestRefusedException if there is nothing left of it
     */
    synchronized Pass enter(Client sender) throws RequestRefusedException {
        Limits limits = sender.limits();
        @Nullable Allowance known = allowances.getIfPresent(sender.id());
        if (known == null && size() >= mostSenders) {
            throw refused("There are too many senders at the moment: try again later.", SOON);
        }
        Allowance allowance = known == null ? new Allowance(limits, clock) : known;
        allowance.limit(limits);
        if (allowance.inside >= limits.concurrent()) {
            throw refused(
                    "You have %d requests inside, and may have no more: wait for their answers."
                            .formatted(allowance.inside),
                    SOON);
        }
        ConsumptionProbe request = allowance.bucket.tryConsumeAndReturnRemaining(1);
        if (!request.isConsumed()) {
            throw refused(
                    "You may send %s requests a second, and %d at once after a pause: try again after the seconds in Retry-After."
                            .formatted(number(limits.requestsPerSecond()), limits.burst()),
                    Duration.ofNanos(request.getNanosToWaitForRefill()));
        }
        allowance.inside++;
        allowances.put(sender.id(), allowance);
        return new Place(sender, allowance);
    }

    /** Returns how many senders are remembered. */
    synchronized int size() {
        if (allowances.estimatedSize() >= mostSenders) {
            allowances.cleanUp();
        }
        return (int) allowances.estimatedSize();
    }

    private synchronized void leave(Client sender, Allowance allowance) {
        allowance.inside--;
        allowances.put(sender.id(), allowance);
    }

    private static RequestRefusedException refused(String detail, Duration retryAfter) {
        return RequestRefusedException.later(Reason.RATE_LIMITED, detail, retryAfter);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** A place inside that a request has until it is closed. */
    private final class Place implements Pass {
        private final Client sender;
        private final Allowance allowance;
        private final AtomicBoolean left = new AtomicBoolean();

        Place(Client sender, Allowance allowance) {
            this.sender = sender;
            this.allowance = allowance;
        }

        @Override
        public @Nullable String caller() {
            return sender.logged();
        }

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                leave(sender, allowance);
            }
        }
    }
}
