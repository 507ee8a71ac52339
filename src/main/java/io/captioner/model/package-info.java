/** The bundle contract and its DJL adapter: manifests, version directories and running a caption model on a device. */
@ApplicationModule(allowedDependencies = {"files", "image", "text"})
@NullMarked
package io.captioner.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
