/** From a trained graph to a bundle that the service loads. */
@NullMarked
package io.captioner.training.export;

import org.jspecify.annotations.NullMarked;
