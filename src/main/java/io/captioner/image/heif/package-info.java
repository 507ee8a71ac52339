/** HEIC and AVIF files: their boxes and video headers, parsed and bounded before libheif decodes what is in them. */
@NullMarked
package io.captioner.image.heif;

import org.jspecify.annotations.NullMarked;
