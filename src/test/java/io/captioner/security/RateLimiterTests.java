package io.captioner.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.security.Client.Limits;
import io.captioner.web.AccessRefusedException.Reason;
import io.captioner.web.AccessRefusedException;
import io.captioner.web.RequestAuthorizer.Grant;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTests {
    private long now = Long.MAX_VALUE - 5; // the clock may overflow
    private final RateLimiter limiter = new RateLimiter(3, () -> now);

    @Test
    void afterTheBurstRequestsComeAtTheRate() throws Exception {
        Client shop = client("shop", new Limits(10, 3, 9));
        for (int i = 0; i < 3; i++) {
            limiter.acquire(shop).close();
        }

        assertThat(refusal(shop).retryAfter()).isEqualTo(Duration.ofMillis(100));
        assertThat(refusal(shop)).hasMessageContaining("10 requests a second, and 3 at once");
        pass(Duration.ofMillis(99));
        refusal(shop);
        pass(Duration.ofMillis(1));
        limiter.acquire(shop).close();
        refusal(shop);
    }

    @Test
    void aPauseDoesNotSaveUpMoreThanTheBurst() throws Exception {
        Client shop = client("shop", new Limits(10, 2, 9));
        limiter.acquire(shop).close();
        pass(Duration.ofDays(1));

        limiter.acquire(shop).close();
        limiter.acquire(shop).close();
        refusal(shop);
    }

    @Test
    void requestsInFlightAreReleasedAndARefusalCountsNothing() throws Exception {
        Client shop = client("shop", new Limits(1, 3, 2));
        Grant first = limiter.acquire(shop);
        limiter.acquire(shop);

        assertThat(refusal(shop)).hasMessageContaining("2 requests in flight");
        first.close();
        first.close();
        limiter.acquire(shop);
        assertThat(refusal(shop)).hasMessageContaining("2 requests in flight");
    }

    @Test
    void oneClientDoesNotUseTheLimitOfAnother() throws Exception {
        Client shop = client("shop", new Limits(1, 1, 1));
        limiter.acquire(shop);

        refusal(shop);
        limiter.acquire(client("mill", new Limits(1, 1, 1))).close();
    }

    @Test
    void newLimitsHoldFromTheNextRequestOn() throws Exception {
        limiter.acquire(client("shop", new Limits(1, 100, 9)));

        Client tightened = client("shop", new Limits(1, 2, 9));
        limiter.acquire(tightened);
        limiter.acquire(tightened);
        refusal(tightened);
    }

    @Test
    void theNumberOfClientsIsBoundedAndOnlyIdleOnesExpire() throws Exception {
        Limits limits = new Limits(1, 1, 5);
        Grant inFlight = limiter.acquire(client("a", limits));
        limiter.acquire(client("b", limits)).close();
        limiter.acquire(client("c", limits)).close();

        assertThat(refusal(client("d", limits))).hasMessageContaining("3 clients");
        pass(Duration.ofSeconds(2));
        limiter.acquire(client("d", limits)).close();
        assertThat(limiter.size()).isEqualTo(2);

        // "a" is still counted for its request in flight.
        limiter.acquire(client("a", new Limits(1, 1, 2))).close();
        pass(Duration.ofSeconds(2));
        assertThat(refusal(client("a", new Limits(1, 1, 1)))).hasMessageContaining("1 requests in flight");
        inFlight.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 0.001, 0.7, 1, 1.5, 3, 50, 333.25, 999_999.5, 1e6})
    void anyRateThatTheLimitsAllowIsKept(double rate) throws Exception {
        Client shop = client("shop", new Limits(rate, 1, 9));
        limiter.acquire(shop).close();

        Duration wait = requireNonNull(refusal(shop).retryAfter());

        double expected = Math.min(1e9 / rate, Long.MAX_VALUE);
        assertThat((double) wait.toNanos()).isCloseTo(expected, Offset.offset(1 + 1e-6 * expected));
        pass(wait.minusNanos(1));
        refusal(shop);
        pass(Duration.ofNanos(1));
        limiter.acquire(shop).close();
    }

    @Test
    void inTheLongRunNoMoreRequestsComeThanTheRateAllows() throws Exception {
        Client shop = client("shop", new Limits(3, 5, 9));
        int admitted = 0;
        for (int tick = 0; tick < 10_000; tick++) {
            try {
                limiter.acquire(shop).close();
                admitted++;
            } catch (AccessRefusedException refused) {
                assertThat(refused.reason()).isEqualTo(Reason.RATE_LIMITED);
            }
            pass(Duration.ofMillis(10));
        }

        assertThat(admitted).isBetween(5 + 299, 5 + 300);
    }

    @Test
    void refusedNewClientsAreNotCounted() throws Exception {
        for (String name : new String[] {"a", "b", "c"}) {
            limiter.acquire(client(name, new Limits(1, 1, 1)));
        }
        refusal(client("d", new Limits(1, 1, 1)));

        assertThat(limiter.size()).isEqualTo(3);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private AccessRefusedException refusal(Client client) {
        AccessRefusedException[] refusal = new AccessRefusedException[1];
        assertThatExceptionOfType(AccessRefusedException.class)
                .isThrownBy(() -> limiter.acquire(client))
                .satisfies(refused -> refusal[0] = refused);
        assertThat(refusal[0].reason()).isEqualTo(Reason.RATE_LIMITED);
        return refusal[0];
    }

    private static Client client(String id, Limits limits) {
        return new Client(id, id, limits);
    }
}
