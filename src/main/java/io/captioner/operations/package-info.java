/** How the service is watched and started: meters, traces, health, warm-up and start-up proofs. */
@ApplicationModule(
        allowedDependencies = {"archive", "batching", "caption", "image", "image :: format", "model", "registry"})
@NullMarked
package io.captioner.operations;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
