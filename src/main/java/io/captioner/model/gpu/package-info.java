/** Finding GPUs, proving that they run a model, and saying why there is none. */
@NamedInterface("gpu")
@NullMarked
package io.captioner.model.gpu;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
