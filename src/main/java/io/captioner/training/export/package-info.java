/** The export of a trained graph as a bundle that the service loads. */
@NullMarked
package io.captioner.training.export;

import org.jspecify.annotations.NullMarked;
