/** The import of checkpoints that others have published or trained: from their files to a bundle. */
@NullMarked
package io.captioner.training.checkpoints;

import org.jspecify.annotations.NullMarked;
