/** Seer's one route, which screen readers call. */
@NullMarked
package io.captioner.compat.seer;

import org.jspecify.annotations.NullMarked;
