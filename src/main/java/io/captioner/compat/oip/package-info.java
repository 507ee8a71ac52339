/** The Open Inference Protocol, version 2, over REST, with Triton's extension for binary tensors. */
@NullMarked
package io.captioner.compat.oip;

import org.jspecify.annotations.NullMarked;
