/** The {@code evaluate} job: captions of a split by a bundle or a service, scored and reported. */
@NullMarked
package io.captioner.training.evaluation;

import org.jspecify.annotations.NullMarked;
