package io.captioner.training;

import io.captioner.training.data.Split;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The scoring of a running service.
 *
 * @param url of the service
 * @param captions the {@code captions.jsonl}
 * @param photos the folder of the photos
 * @param split which photos are sent
 * @param beamWidth hypotheses kept at each step; 1 is greedy search
 * @param lengthPenalty ranking of finished captions; the bundle's own if not given
 * @param concurrency requests in flight
 */
@Validated
@ConfigurationProperties("captioner.evaluation")
public record EvaluationProperties(
        @DefaultValue("http://localhost:8080") URI url,
        @NotNull Path captions,
        @NotNull Path photos,
        @DefaultValue("validation") Split split,
        @DefaultValue("3") @Min(1) @Max(10) int beamWidth,
        @Nullable Float lengthPenalty,
        @DefaultValue("4") @Min(1) @Max(64) int concurrency) {}
