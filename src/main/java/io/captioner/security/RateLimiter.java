package io.captioner.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.security.Client.Limits;
import io.captioner.web.AccessRefusedException.Reason;
import io.captioner.web.AccessRefusedException;
import io.captioner.web.RequestAuthorizer.Grant;
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
 * The rate limiter: for each client a token bucket, and a count of its requests in flight. Safe for use by several
 * threads, which take a few microseconds of it one at a time.
 *
 * <p>The number of clients is bounded. A client with a full bucket and no request in flight equals a new one, so it
 * expires. Once the limit is reached, further clients are refused.
 */
final class RateLimiter {
    /** Retry-After of a client with too many requests in flight: about then one of them ends. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Rates of one a second and more are counted over this many seconds, so that a fraction of a request counts. */
    private static final long RATE_SECONDS = 1_000_000;

    private final int maxClients;
    private final TimeMeter clock;

    @GuardedBy("this") private final Cache<String, Usage> usages;

    /**
     * A rate limiter that has seen no request.
     *
     * @param maxClients most clients that are counted
     * @param nanoTime the clock, as {@link System#nanoTime()}
     */
    RateLimiter(int maxClients, LongSupplier nanoTime) {
        this.maxClients = maxClients;
        this.clock = new Elapsed(nanoTime);
        this.usages = Caffeine.newBuilder()
                .ticker(clock::currentTimeNanos)
                .executor(Runnable::run)
                .expireAfter(Expiry.<String, Usage>writing((id, usage) -> usage.untilAsNew()))
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

    private static final class Usage {
        private final LocalBucket bucket;
        private int inFlight;
        private Limits limits;

        Usage(Limits limits, TimeMeter clock) {
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
            return inFlight > 0
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
     * Counts one request of a client.
     *
     * @return the request in flight, which must be closed
     * @throws AccessRefusedException if a limit of the client, or the number of clients, is reached
     */
    synchronized Grant acquire(Client client) throws AccessRefusedException {
        Limits limits = client.limits();
        @Nullable Usage known = usages.getIfPresent(client.id());
        if (known == null && size() >= maxClients) {
            throw refused(
                    "The service counts the requests of %d clients, which is the limit: try again later."
                            .formatted(maxClients),
                    SOON);
        }
        Usage usage = known == null ? new Usage(limits, clock) : known;
        usage.limit(limits);
        if (usage.inFlight >= limits.concurrent()) {
            throw refused(
                    "You have %d requests in flight, which is the limit: wait for their answers."
                            .formatted(usage.inFlight),
                    SOON);
        }
        ConsumptionProbe request = usage.bucket.tryConsumeAndReturnRemaining(1);
        if (!request.isConsumed()) {
            throw refused(
                    "You may send %s requests a second, and %d at once after a pause: try again after the seconds in Retry-After."
                            .formatted(number(limits.requestsPerSecond()), limits.burst()),
                    Duration.ofNanos(request.getNanosToWaitForRefill()));
        }
        usage.inFlight++;
        usages.put(client.id(), usage);
        return new Slot(client, usage);
    }

    /** Returns how many clients are counted. */
    synchronized int size() {
        if (usages.estimatedSize() >= maxClients) {
            usages.cleanUp();
        }
        return (int) usages.estimatedSize();
    }

    private synchronized void release(Client client, Usage usage) {
        usage.inFlight--;
        usages.put(client.id(), usage);
    }

    private static AccessRefusedException refused(String detail, Duration retryAfter) {
        return AccessRefusedException.later(Reason.RATE_LIMITED, detail, retryAfter);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** One request in flight, until it is closed. */
    private final class Slot implements Grant {
        private final Client client;
        private final Usage usage;
        private final AtomicBoolean released = new AtomicBoolean();

        Slot(Client client, Usage usage) {
            this.client = client;
            this.usage = usage;
        }

        @Override
        public @Nullable String caller() {
            return client.logged();
        }

        @Override
        public void close() {
            if (released.compareAndSet(false, true)) {
                release(client, usage);
            }
        }
    }
}
