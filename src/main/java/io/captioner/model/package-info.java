/** The bundle contract: manifests, signatures, golden answers, and running a caption model. */
@ApplicationModule(allowedDependencies = {"files", "image", "text"})
@NullMarked
package io.captioner.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
