/** What the image, the Compose file and the monitoring promise of the program. */
@NullMarked
package io.captioner.deployment;

import org.jspecify.annotations.NullMarked;
