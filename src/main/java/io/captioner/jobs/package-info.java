/** What every offline job shares: exit codes, progress, hashes and the failures that end a job. */
@ApplicationModule(allowedDependencies = {"files", "image", "model", "model :: gpu"})
@NullMarked
package io.captioner.jobs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
