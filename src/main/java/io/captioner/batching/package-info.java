/** Admission permits and the dynamic batcher, generic in what it batches; knows no images and no TensorFlow. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.captioner.batching;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
