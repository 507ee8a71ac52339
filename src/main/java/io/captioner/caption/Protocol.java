package io.captioner.caption;

import java.util.Locale;

/** The protocols by which requests come: the service's own, and those of other programs that it speaks too. */
public enum Protocol {
    /** {@code POST /captions}. */
    CAPTIONER,
    /** Ollama's API. */
    OLLAMA,
    /** OpenAI's chat completions and responses. */
    OPENAI,
    /** Azure's Image Analysis. */
    AZURE;

    /** Returns the name in meters, properties and the access log. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
