package io.captioner.caption;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.captioner.caption.CaptionListener.Source;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The findings that are known or on their way, so that the same image is not looked at twice: a bounded cache of those
 * that are known, if it is on, and always those in flight. Safe for use by several threads.
 */
final class ResultCache {
    private final @Nullable Cache<ResultKey, InferenceResult> known;
    private final ConcurrentMap<ResultKey, CompletableFuture<InferenceResult>> inFlight = new ConcurrentHashMap<>();

    /** @param nanoTime the clock by which findings grow too old, as {@link System#nanoTime()} */
    ResultCache(CacheProperties properties, LongSupplier nanoTime) {
        Ticker ticker = nanoTime::getAsLong;
        this.known = properties.enabled()
                ? Caffeine.newBuilder()
                        .maximumWeight(properties.maxSize().toBytes())
                        .weigher((ResultKey key, InferenceResult finding) -> 256 + finding.bytes())
                        .expireAfterWrite(properties.timeToLive())
                        .executor(Runnable::run)
                        .ticker(ticker)
                        .build()
                : null;
    }

    /**
     * One request's hold on a finding.
     *
     * @param finding completes with it, or fails with whatever kept its owner from it
     * @param source {@link Source#DEVICE} makes the claimant the owner, who must complete the future
     */
    record Claim(CompletableFuture<InferenceResult> finding, Source source) {
        boolean isOwned() {
            return source == Source.DEVICE;
        }
    }

    /** Returns the finding if it is known, or else joins those who wait for it, or makes the caller its owner. */
    Claim claim(ResultKey key) {
        InferenceResult cached = lookUp(key);
        if (cached != null) {
            return new Claim(CompletableFuture.completedFuture(cached), Source.CACHE);
        }
        CompletableFuture<InferenceResult> mine = new CompletableFuture<>();
        CompletableFuture<InferenceResult> theirs = inFlight.putIfAbsent(key, mine);
        if (theirs != null) {
            return new Claim(theirs, Source.SHARED);
        }
        forgetWhenDone(key, mine);
        return new Claim(mine, Source.DEVICE);
    }

    /** Returns how many findings are on their way. */
    int inFlight() {
        return inFlight.size();
    }

    private @Nullable InferenceResult lookUp(ResultKey key) {
        return known == null ? null : known.getIfPresent(key);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it only repeats the owner's own future
    private void forgetWhenDone(ResultKey key, CompletableFuture<InferenceResult> mine) {
        mine.whenComplete((finding, failure) -> {
            if (finding != null && known != null) {
                known.put(key, finding);
            }
            inFlight.remove(key, mine);
        });
    }
}
