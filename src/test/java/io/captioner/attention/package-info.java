/** Tests of attention figures and pictures on weights made by hand. */
@NullMarked
package io.captioner.attention;

import org.jspecify.annotations.NullMarked;
