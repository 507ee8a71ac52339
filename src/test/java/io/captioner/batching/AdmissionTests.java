package io.captioner.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.captioner.batching.BatchRejectedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AdmissionTests {
    private final FakeClock clock = new FakeClock();
    private final Admission admission = new Admission(10, 0, clock);

    @Test
    void imagesAreCountedNotRequests() {
        try (Permit seven = admission.acquire(7, Deadline.never())) {
            assertThat(seven.images()).isEqualTo(7);
            assertThat(admission.inUse()).isEqualTo(7);
            assertThatThrownBy(() -> admission.acquire(4, Deadline.never()))
                    .isInstanceOfSatisfying(
                            BatchRejectedException.class,
                            full -> assertThat(full.reason()).isEqualTo(Reason.NO_PERMITS));
            try (Permit three = admission.acquire(3, Deadline.never())) {
                assertThat(admission.inUse()).isEqualTo(admission.capacity());
                assertThatThrownBy(() -> admission.acquire(1, Deadline.never()))
                        .hasMessageContaining("10 of 10 images");
                assertThat(three.images()).isEqualTo(3);
            }
        }
        assertThat(admission.inUse()).isZero();
    }

    @Test
    void aPermitIsGivenBackOnce() {
        Permit first = admission.acquire(4, Deadline.never());
        admission.acquire(4, Deadline.never());
        first.close();
        first.close();
        assertThat(admission.inUse()).isEqualTo(4);
    }

    @Test
    void aRequestThatCanNeverBeAdmittedIsTheSendersMistake() {
        assertThatThrownBy(() -> admission.acquire(11, Deadline.never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 1 and 10");
        assertThatThrownBy(() -> admission.acquire(0, Deadline.never())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Admission(0, 0, clock)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutAMeasurementARefusalAsksForTheShortestPause() {
        admission.acquire(10, Deadline.never());
        BatchRejectedException refusal = refusal(1);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(refusal.getStackTrace()).isEmpty();
    }

    @Test
    void thePauseFollowsTheMeasuredDrainRate() {
        drain(2, Duration.ofSeconds(4), 30);
        admission.acquire(10, Deadline.never());
        assertThat(retryAfter(2).toMillis()).isCloseTo(24_000L, within(50L));
        assertThat(refusal(2)).hasMessageContaining("try again in 24 s");
    }

    @Test
    void anIdleNightIsNoSlowDrain() {
        drain(10, Duration.ofSeconds(2), 10);
        clock.advance(Duration.ofHours(8));
        admission.acquire(10, Deadline.never());
        assertThat(retryAfter(10).toMillis()).isCloseTo(4_000L, within(50L));
    }

    @Test
    void thePauseAdaptsWhenTheDrainSlowsDown() {
        drain(10, Duration.ofSeconds(1), 20);
        drain(10, Duration.ofSeconds(10), 20);
        admission.acquire(10, Deadline.never());
        assertThat(retryAfter(10).toMillis()).isCloseTo(20_000L, within(200L));
    }

    @Test
    void thePauseStaysWithinItsBounds() {
        drain(1, Duration.ofHours(1), 1);
        admission.acquire(10, Deadline.never());
        assertThat(retryAfter(1)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void whatCannotFinishInTimeIsRefusedThoughThereIsRoom() {
        drain(1, Duration.ofSeconds(1), 50);
        admission.acquire(4, Deadline.never());
        assertThatThrownBy(() -> admission.acquire(2, Deadline.after(Duration.ofSeconds(7), clock)))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        late -> assertThat(late.reason()).isEqualTo(Reason.TOO_LATE))
                .hasMessageContaining("longer than allowed");
        assertThat(admission
                        .acquire(2, Deadline.after(Duration.ofSeconds(8), clock))
                        .images())
                .isEqualTo(2);
    }

    @Test
    void aQuietTimeSaysNothingOfHowFastTheDeviceIsWhenItIsFull() {
        Admission batched = new Admission(10, 4, clock);
        for (int i = 0; i < 20; i++) {
            try (Permit one = batched.acquire(1, Deadline.never())) {
                clock.advance(Duration.ofSeconds(one.images()));
            }
        }
        batched.acquire(5, Deadline.never());
        Deadline soon = Deadline.after(Duration.ofSeconds(1), clock);
        assertThat(batched.acquire(5, soon).images()).isEqualTo(5);
    }

    @Test
    void theFirstFewOfABatchThatComeBackSayNothingYet() {
        Admission batched = new Admission(100, 4, clock);
        Permit first = batched.acquire(1, Deadline.never());
        Permit others = batched.acquire(3, Deadline.never());
        batched.acquire(40, Deadline.never());
        clock.advance(Duration.ofSeconds(1));
        first.close();
        Deadline soon = Deadline.after(Duration.ofSeconds(20), clock);
        batched.requireRoom(1, soon);

        others.close();

        // Four a second: 41 take more than ten seconds, and a quarter of that to spare.
        batched.requireRoom(1, soon);
        Deadline sooner = Deadline.after(Duration.ofSeconds(10), clock);
        assertThatThrownBy(() -> batched.requireRoom(1, sooner))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        late -> assertThat(late.reason()).isEqualTo(Reason.TOO_LATE));
    }

    @Test
    void withNothingInFlightAnyDeadlineIsAdmitted() {
        drain(1, Duration.ofSeconds(30), 5);
        assertThat(admission
                        .acquire(1, Deadline.after(Duration.ofSeconds(1), clock))
                        .images())
                .isEqualTo(1);
    }

    @Test
    void askingForRoomTakesNone() {
        admission.acquire(9, Deadline.never());
        admission.requireRoom(1, Deadline.never());
        admission.requireRoom(1, Deadline.never());
        assertThat(admission.inUse()).isEqualTo(9);
        admission.acquire(1, Deadline.never());
        assertThatThrownBy(() -> admission.requireRoom(1, Deadline.never()))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        full -> assertThat(full.reason()).isEqualTo(Reason.NO_PERMITS));
    }

    @Test
    @Timeout(30)
    void closedItLetsNobodyInAndWaitsForThoseInside() throws Exception {
        Permit inside = admission.acquire(3, Deadline.never());
        admission.close();
        assertThatThrownBy(() -> admission.acquire(1, Deadline.never()))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        closed -> assertThat(closed.reason()).isEqualTo(Reason.ADMISSION_CLOSED));
        assertThatThrownBy(() -> admission.requireRoom(1, Deadline.never()))
                .isInstanceOfSatisfying(
                        BatchRejectedException.class,
                        closed -> assertThat(closed.reason()).isEqualTo(Reason.ADMISSION_CLOSED));
        assertThat(admission.awaitEmpty(Duration.ZERO)).isFalse();

        CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> {
            try {
                return admission.awaitEmpty(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        inside.close();

        assertThat(empty.get()).isTrue();
        admission.open();
        assertThat(admission.acquire(1, Deadline.never()).images()).isEqualTo(1);
    }

    /** Keeps {@code images} in flight for {@code each}, a number of times, without a pause. */
    private void drain(int images, Duration each, int times) {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            permits.add(admission.acquire(images, Deadline.never()));
            clock.advance(each);
            permits.get(i).close();
        }
    }

    private Duration retryAfter(int images) {
        return Objects.requireNonNull(refusal(images).retryAfter());
    }

    private BatchRejectedException refusal(int images) {
        return catchThrowableOfType(BatchRejectedException.class, () -> admission.acquire(images, Deadline.never()));
    }
}
