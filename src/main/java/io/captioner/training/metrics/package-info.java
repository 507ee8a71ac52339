/** Scores and quality figures of captions and of attention, as pure functions. */
@NullMarked
package io.captioner.training.metrics;

import org.jspecify.annotations.NullMarked;
