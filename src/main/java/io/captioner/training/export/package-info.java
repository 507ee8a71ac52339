/** From trained weights to a bundle directory that the service loads. */
@NullMarked
package io.captioner.training.export;

import org.jspecify.annotations.NullMarked;
