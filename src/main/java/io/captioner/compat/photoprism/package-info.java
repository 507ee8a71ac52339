/** PhotoPrism's own format of vision requests. */
@NullMarked
package io.captioner.compat.photoprism;

import org.jspecify.annotations.NullMarked;
