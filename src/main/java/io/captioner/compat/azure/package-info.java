/** Azure's Image Analysis: captions of 4.0 and descriptions of 3.2. */
@NullMarked
package io.captioner.compat.azure;

import org.jspecify.annotations.NullMarked;
