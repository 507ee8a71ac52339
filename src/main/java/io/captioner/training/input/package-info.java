/** What the readers of files that people bring share: what a file is, and the refusal of what is not read. */
@NullMarked
package io.captioner.training.input;

import org.jspecify.annotations.NullMarked;
