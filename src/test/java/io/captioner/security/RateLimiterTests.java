package io.captioner.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.web.RequestAuthorizer.Pass;
import io.captioner.web.RequestRefusedException;
import io.captioner.web.RequestRefusedException.Reason;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTests {
    private long now = Long.MAX_VALUE - 5; // the clock may overflow
    private final RateLimiter allowances = new RateLimiter(3, () -> now);

    @Test
    void afterTheBurstRequestsComeAtTheRate() throws Exception {
        Client shop = sender("shop", new Limits(10, 3, 9));
        for (int i = 0; i < 3; i++) {
            allowances.enter(shop).close();
        }

        assertThat(refusal(shop).retryAfter()).isEqualTo(Duration.ofMillis(100));
        assertThat(refusal(shop)).hasMessageContaining("10 requests a second, and 3 at once");
        pass(Duration.ofMillis(99));
        refusal(shop);
        pass(Duration.ofMillis(1));
        allowances.enter(shop).close();
        refusal(shop);
    }

    @Test
    void aPauseDoesNotSaveUpMoreThanTheBurst() throws Exception {
        Client shop = sender("shop", new Limits(10, 2, 9));
        allowances.enter(shop).close();
        pass(Duration.ofDays(1));

        allowances.enter(shop).close();
        allowances.enter(shop).close();
        refusal(shop);
    }

    @Test
    void placesInsideAreGivenBackAndARefusalTakesNothing() throws Exception {
        Client shop = sender("shop", new Limits(1, 3, 2));
        Pass first = allowances.enter(shop);
        allowances.enter(shop);

        assertThat(refusal(shop)).hasMessageContaining("2 requests inside");
        first.close();
        first.close();
        allowances.enter(shop);
        assertThat(refusal(shop)).hasMessageContaining("2 requests inside");
    }

    @Test
    void nobodyPaysForAnother() throws Exception {
        Client shop = sender("shop", new Limits(1, 1, 1));
        allowances.enter(shop);

        refusal(shop);
        allowances.enter(sender("mill", new Limits(1, 1, 1))).close();
    }

    @Test
    void newLimitsHoldFromTheNextRequestOn() throws Exception {
        allowances.enter(sender("shop", new Limits(1, 100, 9)));

        Client tightened = sender("shop", new Limits(1, 2, 9));
        allowances.enter(tightened);
        allowances.enter(tightened);
        refusal(tightened);
    }

    @Test
    void onlySoManySendersAreRememberedAndOnlyTheIdleAreForgotten() throws Exception {
        Limits limits = new Limits(1, 1, 5);
        Pass inside = allowances.enter(sender("a", limits));
        allowances.enter(sender("b", limits)).close();
        allowances.enter(sender("c", limits)).close();

        assertThat(refusal(sender("d", limits))).hasMessageContaining("too many senders");
        pass(Duration.ofSeconds(2));
        allowances.enter(sender("d", limits)).close();
        assertThat(allowances.size()).isEqualTo(2);

        // "a" is still known by the request that it has inside.
        allowances.enter(sender("a", new Limits(1, 1, 2))).close();
        pass(Duration.ofSeconds(2));
        assertThat(refusal(sender("a", new Limits(1, 1, 1)))).hasMessageContaining("1 requests inside");
        inside.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 0.001, 0.7, 1, 1.5, 3, 50, 333.25, 999_999.5, 1e6})
    void anyRateThatTheLimitsAllowIsKept(double rate) throws Exception {
        Client shop = sender("shop", new Limits(rate, 1, 9));
        allowances.enter(shop).close();

        Duration wait = requireNonNull(refusal(shop).retryAfter());

        double expected = Math.min(1e9 / rate, Long.MAX_VALUE);
        assertThat((double) wait.toNanos()).isCloseTo(expected, Offset.offset(1 + 1e-6 * expected));
        pass(wait.minusNanos(1));
        refusal(shop);
        pass(Duration.ofNanos(1));
        allowances.enter(shop).close();
    }

    @Test
    void inTheLongRunNoMoreRequestsComeThanTheRateAllows() throws Exception {
        Client shop = sender("shop", new Limits(3, 5, 9));
        int admitted = 0;
        for (int tick = 0; tick < 10_000; tick++) {
            try {
                allowances.enter(shop).close();
                admitted++;
            } catch (RequestRefusedException refused) {
                assertThat(refused.reason()).isEqualTo(Reason.RATE_LIMITED);
            }
            pass(Duration.ofMillis(10));
        }

        assertThat(admitted).isBetween(5 + 299, 5 + 300);
    }

    @Test
    void strangersWhoAreRefusedAreNotRemembered() throws Exception {
        for (String name : new String[] {"a", "b", "c"}) {
            allowances.enter(sender(name, new Limits(1, 1, 1)));
        }
        refusal(sender("d", new Limits(1, 1, 1)));

        assertThat(allowances.size()).isEqualTo(3);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private RequestRefusedException refusal(Client sender) {
        RequestRefusedException[] refusal = new RequestRefusedException[1];
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> allowances.enter(sender))
                .satisfies(refused -> refusal[0] = refused);
        assertThat(refusal[0].reason()).isEqualTo(Reason.RATE_LIMITED);
        return refusal[0];
    }

    private static Client sender(String id, Limits limits) {
        return new Client(id, id, limits);
    }
}
