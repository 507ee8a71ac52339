/** The vocabulary and the tokeniser between words and ids; serving and training share them. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.captioner.text;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
