/** Captions of many photos without a service: a job over a folder or its shard, and one over a cluster with Spark. */
@ApplicationModule(
        allowedDependencies = {
            "batching",
            "caption",
            "files",
            "image",
            "image :: format",
            "jobs",
            "model",
            "model :: djl",
            "trust"
        })
@NullMarked
package io.captioner.bulk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
