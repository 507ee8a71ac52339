/** The caption generator of IBM's Model Asset Exchange. */
@NullMarked
package io.captioner.compat.max;

import org.jspecify.annotations.NullMarked;
