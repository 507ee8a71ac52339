/** Pages out of FreeMarker templates, whose contents are escaped. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.captioner.html;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
