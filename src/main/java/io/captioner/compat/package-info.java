/** The protocols of other programs over the same use case, one package each; each is off unless it is switched on. */
@ApplicationModule(allowedDependencies = {"caption", "model", "registry", "web"})
@NullMarked
package io.captioner.compat;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
