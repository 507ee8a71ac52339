package io.captioner.caption;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.captioner.caption.CaptionListener.Source;
import io.captioner.files.Sha256;
import io.captioner.model.DecodeOptions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Results that are known or in flight, so that the device does not run the same image twice: a bounded cache of the
 * known ones, if it is enabled, and always those in flight. Safe for use by several threads.
 */
final class ResultCache {
    private final @Nullable Cache<Key, InferenceResult> known;
    private final ConcurrentMap<Key, CompletableFuture<InferenceResult>> inFlight = new ConcurrentHashMap<>();

    /** @param nanoTime the clock by which results expire, as {@link System#nanoTime()} */
    ResultCache(CacheProperties properties, LongSupplier nanoTime) {
        Ticker ticker = nanoTime::getAsLong;
        this.known = properties.enabled()
                ? Caffeine.newBuilder()
                        .maximumWeight(properties.maxSize().toBytes())
                        .weigher((Key key, InferenceResult result) -> 256 + result.bytes())
                        .expireAfterWrite(properties.timeToLive())
                        .executor(Runnable::run)
                        .ticker(ticker)
                        .build()
                : null;
    }

    /**
     * What identifies a result: the bytes of the file, the bundle, and what is asked.
     *
     * @param content SHA-256 of the uploaded file
     * @param bundle SHA-256 of the bundle's manifest
     * @param options the search, null for none
     * @param texts SHA-256 of the texts to score
     */
    record Key(String content, String bundle, @Nullable DecodeOptions options, String texts) {
        static Key of(byte[] content, String bundle, @Nullable DecodeOptions options, List<int[]> texts) {
            String ids = texts.stream().map(Arrays::toString).collect(Collectors.joining());
            return new Key(Sha256.of(content), bundle, options, Sha256.of(ids.getBytes(UTF_8)));
        }
    }

    /**
     * A result, known or in flight.
     *
     * @param result completes with it, or with the failure of its owner
     * @param source {@link Source#DEVICE} makes the caller the owner, which must complete the future
     */
    record Entry(CompletableFuture<InferenceResult> result, Source source) {
        boolean isOwned() {
            return source == Source.DEVICE;
        }
    }

    /** Returns a known result, or one in flight, or a new one that the caller owns. */
    Entry claim(Key key) {
        InferenceResult cached = lookUp(key);
        if (cached != null) {
            return new Entry(CompletableFuture.completedFuture(cached), Source.CACHE);
        }
        CompletableFuture<InferenceResult> mine = new CompletableFuture<>();
        CompletableFuture<InferenceResult> theirs = inFlight.putIfAbsent(key, mine);
        if (theirs != null) {
            return new Entry(theirs, Source.SHARED);
        }
        removeWhenDone(key, mine);
        return new Entry(mine, Source.DEVICE);
    }

    /** Returns how many results are in flight. */
    int inFlight() {
        return inFlight.size();
    }

    private @Nullable InferenceResult lookUp(Key key) {
        return known == null ? null : known.getIfPresent(key);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it only repeats the owner's own future
    private void removeWhenDone(Key key, CompletableFuture<InferenceResult> mine) {
        mine.whenComplete((result, failure) -> {
            if (result != null && known != null) {
                known.put(key, result);
            }
            inFlight.remove(key, mine);
        });
    }
}
