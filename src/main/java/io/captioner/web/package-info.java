/** HTTP plumbing that every route shares: uploads and their limits, problem details, access log, response headers. */
@ApplicationModule(allowedDependencies = {"caption", "model"})
@NullMarked
package io.captioner.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
