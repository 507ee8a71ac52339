/** Scalars of a training run as the event files that TensorBoard reads. */
@NullMarked
package io.captioner.training.tensorboard;

import org.jspecify.annotations.NullMarked;
