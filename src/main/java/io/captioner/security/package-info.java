/** Which clients may use the service, and how much: API keys or tokens, and rate limits of each client. */
@ApplicationModule(allowedDependencies = {"files", "web"})
@NullMarked
package io.captioner.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
