/** Ollama's API: generate, chat and the lists of models. */
@NullMarked
package io.captioner.compat.ollama;

import org.jspecify.annotations.NullMarked;
