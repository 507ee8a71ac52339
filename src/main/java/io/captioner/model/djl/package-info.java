/** The DJL adapter: a bundle in a session of TensorFlow, one copy a device. */
@NamedInterface("djl")
@NullMarked
package io.captioner.model.djl;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
