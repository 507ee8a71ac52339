/** Pre-trained weights: Keras' files read strictly, by name and shape. */
@NullMarked
package io.captioner.training.weights;

import org.jspecify.annotations.NullMarked;
