package io.captioner.training.metrics;

import java.util.List;

/**
 * The words of an image's candidate caption and of its reference captions.
 *
 * @param candidate may be empty
 * @param references at least one
 */
record ScoredImage(List<String> candidate, List<List<String>> references) {}
