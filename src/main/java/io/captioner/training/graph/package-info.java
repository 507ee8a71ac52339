/** The networks as TensorFlow graphs: encoder, attention, decoder, loss, optimiser and beam search. */
@NullMarked
package io.captioner.training.graph;

import org.jspecify.annotations.NullMarked;
