/** Annotation vectors of photos, computed once with a frozen encoder and kept in a memory-mapped file. */
@NullMarked
package io.captioner.training.features;

import org.jspecify.annotations.NullMarked;
