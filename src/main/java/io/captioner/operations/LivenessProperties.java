package io.captioner.operations;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When the service gives itself up: {@code captioner.liveness.*}.
 *
 * @param maxFailures images that the device fails on for good, with no good run between, before the service tries an
 *     image of its own; fewer find a broken device sooner, more spend less on the trials that bad input provokes
 */
@Validated
@ConfigurationProperties("captioner.liveness")
record LivenessProperties(@DefaultValue("5") @Min(1) int maxFailures) {}
