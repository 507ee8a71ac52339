/**
 * Files and folders as people, NAS systems and containers leave them: what is read, and what is passed over and why.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.captioner.files;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
