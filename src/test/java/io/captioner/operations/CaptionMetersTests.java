package io.captioner.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.captioner.batching.BatchListener.Drop;
import io.captioner.batching.BatchSettings;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.CaptionListener.Refusal;
import io.captioner.caption.CaptionListener.Source;
import io.captioner.caption.CaptionQualityStats;
import io.captioner.caption.Protocol;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CaptionMetersTests {
    private static final BatchSettings SETTINGS = new BatchSettings(4, List.of(1, 2, 4), 8, Duration.ZERO, 1);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CaptionMeters captions = new CaptionMeters(registry);
    private final BatchMeters batches = new BatchMeters(registry, SETTINGS);

    @Test
    void requestsAreTimedByOutcomeAndProtocol() {
        captions.answered(Protocol.CAPTIONER, 3, Duration.ofMillis(30));
        captions.failed(Protocol.OLLAMA, Reason.NOT_AN_IMAGE, Duration.ofMillis(2));

        assertThat(registry.get("captioner.request")
                        .tag("outcome", "ok")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isCloseTo(30, within(1e-6));
        assertThat(registry.get("captioner.request")
                        .tag("outcome", "not-an-image")
                        .tag("protocol", "ollama")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("captioner.request").timers()).hasSize(Reason.values().length + 2);
    }

    @Test
    void theSeriesThatAutoscalersAskForAreThereBeforeTheFirstRequest() {
        assertThat(registry.scrape())
                .containsPattern("(?m)^captioner_queue_seconds_sum 0\\.0$")
                .containsPattern("(?m)^captioner_queue_seconds_count 0$");
    }

    @Test
    void refusalsAreOneMeterWhoeverRefuses() {
        captions.refused(Refusal.NO_ROOM, 2);
        captions.refused(Refusal.TOO_LATE, 3);
        captions.refused(Refusal.SHUTTING_DOWN, 4);
        batches.refused(5);

        assertThat(registry.scrape())
                .contains(
                        "captioner_refused_images_total{reason=\"no-room\"} 2.0",
                        "captioner_refused_images_total{reason=\"too-late\"} 3.0",
                        "captioner_refused_images_total{reason=\"shutting-down\"} 4.0",
                        "captioner_refused_images_total{reason=\"queue-full\"} 5.0");
    }

    @Test
    void imagesAreCountedByWhereTheirCaptionsCameFrom() {
        captions.found(Source.DEVICE);
        captions.found(Source.CACHE);
        captions.found(Source.CACHE);

        assertThat(registry.scrape())
                .contains(
                        "captioner_found_images_total{source=\"device\"} 1.0",
                        "captioner_found_images_total{source=\"shared\"} 0.0",
                        "captioner_found_images_total{source=\"cache\"} 2.0");
    }

    @Test
    void theHealthOfCaptionsIsMeasured() {
        captions.captioned(new CaptionQualityStats(8, 2, true, true, 0.35, 0.9, true, 0.72));
        captions.captioned(new CaptionQualityStats(12, 0, false, false, 0.55, null, false, null));

        assertThat(registry.scrape())
                .contains(
                        "captioner_caption_words_sum 20.0",
                        "captioner_caption_words_bucket{le=\"8.0\"} 1",
                        "captioner_caption_unknown_words_total 2.0",
                        "captioner_caption_truncated_captions_total 1.0",
                        "captioner_caption_repeated_captions_total 1.0",
                        "captioner_caption_abstained_captions_total 1.0",
                        "captioner_caption_familiarity_percent_bucket{le=\"80.0\"} 0",
                        "captioner_caption_familiarity_percent_bucket{le=\"90.0\"} 1",
                        "captioner_caption_familiarity_percent_count 1",
                        "captioner_caption_confidence_percent_bucket{le=\"30.0\"} 0",
                        "captioner_caption_confidence_percent_bucket{le=\"40.0\"} 1",
                        "captioner_caption_confidence_percent_bucket{le=\"60.0\"} 2",
                        "captioner_caption_attention_entropy_percent_bucket{le=\"70.0\"} 0",
                        "captioner_caption_attention_entropy_percent_bucket{le=\"80.0\"} 1",
                        "captioner_caption_attention_entropy_percent_count 1");
    }

    @Test
    void theDeviceTimeThatDroppedImagesSaveIsTheRecentMeanOfAnImage() {
        batches.dropped(Drop.CANCELLED);
        assertThat(saved()).isZero();

        batches.ran(2, 4, List.of(Duration.ZERO, Duration.ZERO), Duration.ofSeconds(2)); // 1 s an image
        batches.dropped(Drop.CANCELLED);
        assertThat(saved()).isCloseTo(1, within(1e-9));

        batches.ran(1, 1, List.of(Duration.ZERO), Duration.ofSeconds(2)); // the mean is 0.9 * 1 s + 0.1 * 2 s now
        batches.dropped(Drop.EXPIRED);
        assertThat(saved()).isCloseTo(2.1, within(1e-9));
    }

    @Test
    void everyMeterSaysWhatItIsAndInWhatUnit() {
        assertThat(registry.getMeters())
                .isNotEmpty()
                .extracting(Meter::getId)
                .allSatisfy(
                        id -> assertThat(id.getDescription()).as(id.getName()).isNotBlank())
                .allSatisfy(id -> assertThat(id.getBaseUnit()).as(id.getName()).isNotBlank());
    }

    private double saved() {
        return registry.get("captioner.device.saved").counter().count();
    }
}
