/**
 * From bytes to sniffed, size-checked, upright and resized pixels; serving and training share it, so they cannot drift.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.captioner.image;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
