/**
 * The HTTP face of the service: routes, wire records, problem details and the OpenAPI description. What models there
 * are it reads from {@code model} itself: the use case would only pass that on.
 */
@ApplicationModule(allowedDependencies = {"caption", "model"})
@NullMarked
package io.captioner.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
