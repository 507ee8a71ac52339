/** The archive: answers are kept with a thumbnail, found again, corrected and deleted; off unless switched on. */
@ApplicationModule(allowedDependencies = {"caption", "files", "image", "image :: format", "jobs", "model"})
@NullMarked
package io.captioner.archive;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
