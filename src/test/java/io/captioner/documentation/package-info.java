/** The documents of the repository, against the program that they describe. */
@NullMarked
package io.captioner.documentation;

import org.jspecify.annotations.NullMarked;
