/** Recurrent decoders: from annotation vectors to words. */
@NullMarked
package io.captioner.training.decoder;

import org.jspecify.annotations.NullMarked;
