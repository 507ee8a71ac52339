/** The counting of the training captions' words into a vocabulary. */
@NullMarked
package io.captioner.training.vocabulary;

import org.jspecify.annotations.NullMarked;
