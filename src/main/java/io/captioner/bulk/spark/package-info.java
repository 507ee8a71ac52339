/**
 * The Spark job. Its classes are at the root of the jar, where Spark loads them, and use the program only by name,
 * through {@link io.captioner.bulk.spark.ExecutorModel}: so the libraries of the two are kept apart.
 */
@NullMarked
package io.captioner.bulk.spark;

import org.jspecify.annotations.NullMarked;
