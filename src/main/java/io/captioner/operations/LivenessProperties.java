package io.captioner.operations;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When the service reports itself as broken: {@code captioner.liveness.*}.
 *
 * @param maxFailures images that the device fails on in all attempts, with no good run between, before the service
 *     probes it with a black image; fewer find a broken device sooner, more cause fewer probes for bad input
 */
@Validated
@ConfigurationProperties("captioner.liveness")
record LivenessProperties(@DefaultValue("5") @Min(1) int maxFailures) {}
