/** Files and folders of users: their kinds, faults and hashes, and folder trees without clutter. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.captioner.files;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
