package io.captioner.batching;

import java.time.Duration;

/**
 * The output for one input, and what it took to get it.
 *
 * @param output what the device gave
 * @param queued from when the input was accepted until the run that gave the output began
 * @param ran how long that run took
 * @param batchSize inputs in that run, padding not counted
 */
public record Batched<O>(O output, Duration queued, Duration ran, int batchSize) {}
