/** The {@code download} job: fetches a public data set; an interrupted download is resumed. */
@NullMarked
package io.captioner.training.download;

import org.jspecify.annotations.NullMarked;
