/** The report of an evaluation as one HTML page that needs nothing else, and the pieces that such pages are made of. */
@NullMarked
package io.captioner.training.report;

import org.jspecify.annotations.NullMarked;
