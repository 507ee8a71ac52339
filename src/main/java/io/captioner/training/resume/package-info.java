/** What a run leaves behind and goes on from: checkpoints, and the log of its steps and epochs. */
@NullMarked
package io.captioner.training.resume;

import org.jspecify.annotations.NullMarked;
