/** The routes of the service, their wire records and the OpenAPI description. */
@ApplicationModule(allowedDependencies = {"archive", "caption", "html", "model", "registry", "trust", "web"})
@NullMarked
package io.captioner.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
