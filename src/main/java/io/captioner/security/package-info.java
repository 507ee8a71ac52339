/** Who may use the service, and how much of it: API keys or tokens, and limits for each sender. */
@ApplicationModule(allowedDependencies = "web")
@NullMarked
package io.captioner.security;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
