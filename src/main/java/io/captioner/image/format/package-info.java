/** What all formats of pictures share: their names, limits and refusals, bytes read with bounds, turns and colours. */
@NullMarked
package io.captioner.image.format;

import org.jspecify.annotations.NullMarked;
