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
    private static final InferenceResult FINDING = new InferenceResult(
            4, 3, List.of(new Hypothesis(new int[] {4}, new float[] {-1}, -1, -1, new float[1][49], true)));

    private final AtomicLong clock = new AtomicLong();

    @Test
    void theFirstToClaimOwnsAndTheOthersShareUntilItIsKnown() {
        ResultCache findings = findings(true, 1_000_000);
        ResultCache.Claim owner = findings.claim(key(1));
        ResultCache.Claim other = findings.claim(key(1));
        assertThat(owner.isOwned()).isTrue();
        assertThat(other.source()).isEqualTo(Source.SHARED);
        assertThat(findings.claim(key(2)).isOwned()).isTrue();

        owner.finding().complete(FINDING);

        assertThat(other.finding()).isCompletedWithValue(FINDING);
        assertThat(findings.claim(key(1)).source()).isEqualTo(Source.CACHE);
        assertThat(findings.inFlight()).isEqualTo(1);
    }

    @Test
    void withoutACacheNothingIsRemembered() {
        ResultCache findings = findings(false, 1_000_000);
        findings.claim(key(1)).finding().complete(FINDING);

        assertThat(findings.claim(key(1)).isOwned()).isTrue();
    }

    @Test
    void whatWasGivenUpIsOwnedByTheNext() {
        ResultCache findings = findings(true, 1_000_000);
        findings.claim(key(1)).finding().cancel(false);

        assertThat(findings.claim(key(1)).isOwned()).isTrue();
    }

    @Test
    void whatIsTooOldIsForgotten() {
        ResultCache findings = findings(true, 1_000_000);
        findings.claim(key(1)).finding().complete(FINDING);
        clock.addAndGet(Duration.ofHours(1).toNanos());

        assertThat(findings.claim(key(1)).isOwned()).isTrue();
    }

    @Test
    void theMemoryIsBounded() {
        ResultCache findings = findings(true, 20L * (256 + FINDING.bytes()));
        for (int image = 0; image < 1000; image++) {
            findings.claim(key(image)).finding().complete(FINDING);
        }
        int remembered = 0;
        for (int image = 0; image < 1000; image++) {
            ResultCache.Claim claim = findings.claim(key(image));
            remembered += claim.isOwned() ? 0 : 1;
            claim.finding().cancel(false);
        }

        assertThat(remembered).isBetween(1, 20);
    }

    @Test
    void theKeyIsTheFileTheBundleAndTheSearch() {
        ResultKey key = ResultKey.of(new byte[] {1}, "bundle", OPTIONS);
        assertThat(ResultKey.of(new byte[] {1}, "bundle", OPTIONS)).isEqualTo(key);
        assertThat(ResultKey.of(new byte[] {2}, "bundle", OPTIONS)).isNotEqualTo(key);
        assertThat(ResultKey.of(new byte[] {1}, "next", OPTIONS)).isNotEqualTo(key);
        assertThat(ResultKey.of(new byte[] {1}, "bundle", new DecodeOptions(1, 20, 0.5f)))
                .isNotEqualTo(key);
    }

    @Test
    void aCacheThatCanHoldNothingRefusesToStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CacheProperties(true, DataSize.ofBytes(0), Duration.ofHours(1)))
                .withMessageContaining("captioner.cache.enabled=false");
    }

    private ResultCache findings(boolean cache, long bytes) {
        return new ResultCache(new CacheProperties(cache, DataSize.ofBytes(bytes), Duration.ofHours(1)), clock::get);
    }

    private static ResultKey key(int image) {
        return ResultKey.of(new byte[] {(byte) image, (byte) (image >> 8)}, "bundle", OPTIONS);
    }
}
