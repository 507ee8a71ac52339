/** The {@code explore} job: a page that shows what a data set holds before anything is trained on it. */
@NullMarked
package io.captioner.training.explore;

import org.jspecify.annotations.NullMarked;
