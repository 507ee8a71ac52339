/** The {@code explore} job: a page about a data set. */
@NullMarked
package io.captioner.training.explore;

import org.jspecify.annotations.NullMarked;
