/** The jobs of the profile {@code training}: from photos and captions to a model bundle that the service loads. */
@ApplicationModule(
        allowedDependencies = {
            "attention",
            "files",
            "html",
            "image",
            "image :: format",
            "jobs",
            "model",
            "model :: djl",
            "text"
        })
@NullMarked
package io.captioner.training;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
