/** Captioned photos on disk, read, split and linted. */
@NullMarked
package io.captioner.training.data;

import org.jspecify.annotations.NullMarked;
