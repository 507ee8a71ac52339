/** Checkpoints of a training run: written whole or not at all, and restored to the very same step. */
@NullMarked
package io.captioner.training.checkpoint;

import org.jspecify.annotations.NullMarked;
