/** From attention weights to summary figures and overlay pictures. */
@ApplicationModule(allowedDependencies = "image")
@NullMarked
package io.captioner.attention;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
