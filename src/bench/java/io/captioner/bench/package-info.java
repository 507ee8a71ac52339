/** The benchmark and the load proofs that users run against the packaged program; see docs/benchmark.md. */
@NullMarked
package io.captioner.bench;

import org.jspecify.annotations.NullMarked;
