/**
 * The state of a run on disk, from which it is resumed: checkpoints, and the log of its steps and epochs. Apart from
 * {@code run}, so that the files of a run know nothing of its loop.
 */
@NullMarked
package io.captioner.training.resume;

import org.jspecify.annotations.NullMarked;
