/** A training run: its settings, its phases and the loop that goes through them. */
@NullMarked
package io.captioner.training.run;

import org.jspecify.annotations.NullMarked;
