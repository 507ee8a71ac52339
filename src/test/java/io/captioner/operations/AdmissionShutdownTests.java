package io.captioner.operations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.CaptionerApplication;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeCaptionModel.Hold;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.RawConnection;
import io.captioner.batching.Admission;
import java.awt.Color;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class AdmissionShutdownTests {
    @Test
    @Timeout(60)
    void toldToStopItRefusesNewWorkAndFinishesWhatItHas() throws Exception {
        ConfigurableApplicationContext service = new SpringApplicationBuilder(
                        CaptionerApplication.class, FakeModels.class)
                .run("--server.port=0", "--captioner.default-model=colours");
        int port = Integer.parseInt(requireNonNull(service.getEnvironment().getProperty("local.server.port")));
        FakeCaptionModel model = service.getBean(FakeCaptionModel.class);
        Admission admission = service.getBean(Admission.class);
        ApplicationAvailability availability = service.getBean(ApplicationAvailability.class);
        try (Hold hold = model.hold();
                RawConnection accepted = new RawConnection(port);
                RawConnection late = new RawConnection(port)) {
            accepted.post(Pictures.png(Color.RED, 9, 9));
            await().until(() -> admission.inUse() == 1);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(service::close);
            await().until(() -> availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC);
            await().until(() -> {
                late.post(Pictures.png(Color.BLUE, 9, 9));
                return late.answer().startsWith("HTTP/1.1 503");
            });
            assertThat(stopped).isNotDone();

            hold.close();
            assertThat(accepted.answer()).startsWith("HTTP/1.1 200");
            stopped.get();
        }
    }
}
