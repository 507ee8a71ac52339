/** The parts that all offline jobs share: exit codes, progress, atomic files, JSON lines, hashes, daemon threads. */
@ApplicationModule(allowedDependencies = {"files", "image", "image :: format", "model", "model :: gpu"})
@NullMarked
package io.captioner.jobs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
