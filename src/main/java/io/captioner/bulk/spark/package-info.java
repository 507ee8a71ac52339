/**
 * The Spark job. Its classes lie at the root of the jar, where Spark sees them, and use nothing of the program but by
 * name, through {@link io.captioner.bulk.spark.ProgramLoader}: so the libraries of the two never meet.
 */
@NullMarked
package io.captioner.bulk.spark;

import org.jspecify.annotations.NullMarked;
