/** The use case: image bytes in, captions with attention out, and the one vocabulary of failures. */
@ApplicationModule(
        allowedDependencies = {
            "attention",
            "batching",
            "files",
            "image",
            "image :: format",
            "model",
            "registry",
            "text",
            "trust"
        })
@NullMarked
package io.captioner.caption;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
