package io.captioner.operations;

import io.captioner.caption.CaptionListener;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Makes an observation of each stage of a request, within that of the HTTP request: a span and a timer. */
@Component
@Profile("!training")
final class StageObservations implements CaptionListener {
    private final ObservationRegistry registry;

    StageObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Span entered(Stage stage) {
        Observation observation = Observation.start(name(stage), registry);
        Observation.Scope scope = observation.openScope();
        return () -> {
            scope.close();
            observation.stop();
        };
    }

    /** The device's own time is {@code captioner.inference}; here a request waits for it and for its queue. */
    private static String name(Stage stage) {
        return switch (stage) {
            case DECODE -> "captioner.decode";
            case INFERENCE -> "captioner.inference.wait";
        };
    }
}
