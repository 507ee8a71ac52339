/** The HTTP face of the service: routes, wire records, problem details and the OpenAPI description. */
@ApplicationModule(allowedDependencies = {"caption", "model"})
@NullMarked
package io.captioner.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
