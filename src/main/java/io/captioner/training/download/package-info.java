/** The {@code download} job: fetches a public data set so that an interrupted fetch goes on where it was. */
@NullMarked
package io.captioner.training.download;

import org.jspecify.annotations.NullMarked;
