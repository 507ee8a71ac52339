/** OpenAI's API: models, chat completions and responses. */
@NullMarked
package io.captioner.compat.openai;

import org.jspecify.annotations.NullMarked;
