/** The {@code calibrate} job: what makes a bundle's confidence the probability that a caption is right. */
@NullMarked
package io.captioner.training.calibration;

import org.jspecify.annotations.NullMarked;
