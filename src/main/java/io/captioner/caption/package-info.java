/** The use case: image bytes in, captions with attention out, and the one vocabulary of failures. */
@ApplicationModule(allowedDependencies = {"attention", "batching", "image", "image :: format", "model", "registry", "text"})
@NullMarked
package io.captioner.caption;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
