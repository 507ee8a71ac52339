/** The report of an evaluation as one HTML page that needs nothing else. */
@NullMarked
package io.captioner.training.report;

import org.jspecify.annotations.NullMarked;
