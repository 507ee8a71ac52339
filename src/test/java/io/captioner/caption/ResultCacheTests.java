package io.captioner.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.captioner.caption.CaptionListener.Source;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class ResultCacheTests {
    private static final DecodeOptions OPTIONS = new DecodeOptions(3, 20, 0.5f);
    private static final InferenceResult RESULT = new InferenceResult(
            4, 3, List.of(new Hypothesis(new int[] {4}, new float[] {-1}, -1, -1, new float[1][49], true)));

    private final AtomicLong clock = new AtomicLong();

    @Test
    void theFirstToClaimOwnsAndTheOthersShareUntilItIsKnown() {
        ResultCache results = cache(true, 1_000_000);
        ResultCache.Entry owner = results.claim(key(1));
        ResultCache.Entry other = results.claim(key(1));
        assertThat(owner.isOwned()).isTrue();
        assertThat(other.source()).isEqualTo(Source.SHARED);
        assertThat(results.claim(key(2)).isOwned()).isTrue();

        owner.result().complete(RESULT);

        assertThat(other.result()).isCompletedWithValue(RESULT);
        assertThat(results.claim(key(1)).source()).isEqualTo(Source.CACHE);
        assertThat(results.inFlight()).isEqualTo(1);
    }

    @Test
    void withoutACacheNothingIsRemembered() {
        ResultCache results = cache(false, 1_000_000);
        results.claim(key(1)).result().complete(RESULT);

        assertThat(results.claim(key(1)).isOwned()).isTrue();
    }

    @Test
    void whatWasGivenUpIsOwnedByTheNext() {
        ResultCache results = cache(true, 1_000_000);
        results.claim(key(1)).result().cancel(false);

        assertThat(results.claim(key(1)).isOwned()).isTrue();
    }

    @Test
    void whatIsTooOldIsForgotten() {
        ResultCache results = cache(true, 1_000_000);
        results.claim(key(1)).result().complete(RESULT);
        clock.addAndGet(Duration.ofHours(1).toNanos());

        assertThat(results.claim(key(1)).isOwned()).isTrue();
    }

    @Test
    void theMemoryIsBounded() {
        ResultCache results = cache(true, 20L * (256 + RESULT.bytes()));
        for (int image = 0; image < 1000; image++) {
            results.claim(key(image)).result().complete(RESULT);
        }
        int remembered = 0;
        for (int image = 0; image < 1000; image++) {
            ResultCache.Entry claim = results.claim(key(image));
            remembered += claim.isOwned() ? 0 : 1;
            claim.result().cancel(false);
        }

        assertThat(remembered).isBetween(1, 20);
    }

    @Test
    void theKeyIsTheFileTheBundleAndWhatIsAsked() {
        ResultCache.Key key = ResultCache.Key.of(new byte[] {1}, "bundle", OPTIONS, List.of());
        assertThat(ResultCache.Key.of(new byte[] {1}, "bundle", OPTIONS, List.of()))
                .isEqualTo(key);
        assertThat(ResultCache.Key.of(new byte[] {2}, "bundle", OPTIONS, List.of()))
                .isNotEqualTo(key);
        assertThat(ResultCache.Key.of(new byte[] {1}, "next", OPTIONS, List.of()))
                .isNotEqualTo(key);
        assertThat(ResultCache.Key.of(new byte[] {1}, "bundle", new DecodeOptions(1, 20, 0.5f), List.of()))
                .isNotEqualTo(key);
        ResultCache.Key scores = ResultCache.Key.of(new byte[] {1}, "bundle", null, List.of(new int[] {4, 5}));
        assertThat(ResultCache.Key.of(new byte[] {1}, "bundle", null, List.of(new int[] {4, 5})))
                .isEqualTo(scores);
        assertThat(ResultCache.Key.of(new byte[] {1}, "bundle", null, List.of(new int[] {4}, new int[] {5})))
                .isNotEqualTo(scores);
    }

    @Test
    void aCacheThatCanHoldNothingRefusesToStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheProperties(true, DataSize.ofBytes(0), Duration.ofHours(1)))
                .withMessageContaining("captioner.cache.enabled=false");
    }

    private ResultCache cache(boolean cache, long bytes) {
        return new ResultCache(new CacheProperties(cache, DataSize.ofBytes(bytes), Duration.ofHours(1)), clock::get);
    }

    private static ResultCache.Key key(int image) {
        return ResultCache.Key.of(new byte[] {(byte) image, (byte) (image >> 8)}, "bundle", OPTIONS, List.of());
    }
}
