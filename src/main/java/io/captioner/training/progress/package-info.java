/** Progress of long tasks, shown as a bar on a terminal and as log lines elsewhere. */
@NamedInterface("progress")
@NullMarked
package io.captioner.training.progress;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
