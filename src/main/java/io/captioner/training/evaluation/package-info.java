/** The scores and health figures of captions and of attention, as pure functions. */
@NullMarked
package io.captioner.training.evaluation;

import org.jspecify.annotations.NullMarked;
