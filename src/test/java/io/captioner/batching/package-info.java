/** Tests of admission and batching: puppet clocks, puppet devices, and Lincheck. */
@NullMarked
package io.captioner.batching;

import org.jspecify.annotations.NullMarked;
