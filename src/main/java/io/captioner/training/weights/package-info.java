/**
 * Named weights, and the files of Keras read strictly. Apart from {@code encoder} and {@code decoder}, because both,
 * the graphs and the features depend on weights: in any of them the dependencies would be circular.
 */
@NullMarked
package io.captioner.training.weights;

import org.jspecify.annotations.NullMarked;
