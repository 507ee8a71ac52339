/** Captioner: says what is in a photo, and shows where it looked. */
@NullMarked
package io.captioner;

import org.jspecify.annotations.NullMarked;
