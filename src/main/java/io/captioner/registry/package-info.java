/** The model versions on disk: found, verified, loaded, swapped while requests run, and lent to them. */
@ApplicationModule(allowedDependencies = {"files", "model", "model :: djl", "model :: gpu"})
@NullMarked
package io.captioner.registry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
