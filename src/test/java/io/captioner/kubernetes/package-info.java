/** Whether the manifests under {@code k8s/} are ones that a cluster accepts, and fit the program. */
@NullMarked
package io.captioner.kubernetes;

import org.jspecify.annotations.NullMarked;
