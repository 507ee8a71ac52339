/** How far a caption can be trusted: agreement, familiarity, calibrated confidence, and words that say it. */
@ApplicationModule(allowedDependencies = {"attention", "model", "text"})
@NullMarked
package io.captioner.trust;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
