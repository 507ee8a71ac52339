package io.captioner.operations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.ServedTest;
import io.captioner.registry.ModelRegistry;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.core.env.Environment;

@ServedTest
class DeviceHealthTests {
    private static final int MAX_FAILURES = 5;

    @TempDir
    private Path root;

    private final Client client;
    private final Client management;
    private final FakeCaptionModel served;
    private final Deque<Runnable> trials = new ArrayDeque<>();
    private final List<Object> states = new ArrayList<>();
    private final FakeCaptionModel model = new FakeCaptionModel("colours", true);

    DeviceHealthTests(@Autowired Environment environment, @Autowired FakeCaptionModel served) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
        this.served = served;
    }

    @Test
    void livenessGoesWhenTheDeviceFailsOnEverythingAndComesBackWithTheNextGoodRun() throws Exception {
        served.failFrom(1);
        try {
            for (int i = 0; i < MAX_FAILURES; i++) {
                assertThat(post(Color.RED)).isEqualTo(500);
            }
            await().until(() -> liveness() == 503);
        } finally {
            served.failFrom(Integer.MAX_VALUE);
        }

        assertThat(post(Color.RED)).isEqualTo(200);
        assertThat(liveness()).isEqualTo(200);
    }

    @Test
    void whoSendsPoisonDoesNotGetTheServiceRestarted() throws Exception {
        int runs = served.batchSizes().size();
        for (int i = 0; i < MAX_FAILURES; i++) {
            assertThat(post(Color.WHITE)).isEqualTo(500);
        }

        // Each bad image ran twice, and the probe ran once.
        await().until(() -> served.batchSizes().size() == runs + 2 * MAX_FAILURES + 1);
        assertThat(liveness()).isEqualTo(200);
    }

    @Test
    void afterATrialThatWentWellTheCountStartsAnew() throws Exception {
        DeviceHealth health = health();

        fail(health, MAX_FAILURES);
        assertThat(trials).hasSize(1);
        trials.remove().run();
        fail(health, MAX_FAILURES - 1);

        assertThat(trials).isEmpty();
        assertThat(states).isEmpty();
        fail(health, 1);
        assertThat(trials).hasSize(1);
    }

    @Test
    void aGoodRunBetweenFailuresIsEnoughToCountFromZero() throws Exception {
        DeviceHealth health = health();

        fail(health, MAX_FAILURES - 1);
        runWell(health);
        fail(health, MAX_FAILURES - 1);

        assertThat(trials).isEmpty();
    }

    @Test
    void thereIsOneTrialAtATimeAndOneVerdict() throws Exception {
        DeviceHealth health = health();
        model.failFrom(1);

        fail(health, 3 * MAX_FAILURES);
        assertThat(trials).hasSize(1);
        trials.remove().run();
        fail(health, 3 * MAX_FAILURES);

        assertThat(trials).isEmpty();
        assertThat(states).containsExactly(LivenessState.BROKEN);
        runWell(health);
        runWell(health);
        assertThat(states).containsExactly(LivenessState.BROKEN, LivenessState.CORRECT);
    }

    @Test
    void aGoodRunDuringATrialOutweighsItsFailure() throws Exception {
        DeviceHealth health = health();
        model.failFrom(1);

        fail(health, MAX_FAILURES);
        runWell(health);
        trials.remove().run();

        assertThat(states).isEmpty();
    }

    @Test
    void withoutAModelThereIsNoVerdict() throws Exception {
        DeviceHealth health = new DeviceHealth(
                FakeModels.registry(root, Map.of()), MAX_FAILURES, trials::add, event -> states.add(event));

        fail(health, MAX_FAILURES);
        trials.remove().run();

        assertThat(states).isEmpty();
    }

    private DeviceHealth health() throws IOException {
        ModelRegistry models = FakeModels.registry(root, Map.of("colours", model));
        models.load();
        return new DeviceHealth(
                models,
                MAX_FAILURES,
                trials::add,
                event -> states.add(((AvailabilityChangeEvent<?>) event).getState()));
    }

    private int post(Color colour) throws Exception {
        return client.postBody("", "image/png", Pictures.png(colour, 9, 9)).statusCode();
    }

    private int liveness() throws Exception {
        return management.get("/actuator/health/liveness").statusCode();
    }

    private static void fail(DeviceHealth health, int times) {
        for (int i = 0; i < times; i++) {
            health.failed(1, new IllegalStateException("the device is lost"));
        }
    }

    private static void runWell(DeviceHealth health) {
        health.ran(1, 1, List.of(Duration.ZERO), Duration.ofMillis(1));
    }
}
