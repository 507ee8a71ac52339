package io.captioner.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The requests that the service sends itself before it is ready: {@code captioner.rehearsal.*}.
 *
 * @param requests photos sent, besides one of each format and a request with an error; more makes the first answers
 *     faster and the start longer, zero sends none at all. Meters count them
 * @param clients how many of these photos are sent at the same time
 */
@Validated
@ConfigurationProperties("captioner.rehearsal")
record RehearsalProperties(
        @DefaultValue("32") @Min(0) @Max(100_000) int requests,
        @DefaultValue("16") @Min(1) @Max(256) int clients) {}
