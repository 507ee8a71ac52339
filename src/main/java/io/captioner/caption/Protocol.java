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
    AZURE,
    /** The Open Inference Protocol, version 2. */
    OIP,
    /** PhotoPrism's own format of vision requests. */
    PHOTOPRISM,
    /** Seer, which screen readers call. */
    SEER,
    /** IBM's Model Asset Exchange. */
    MAX,
    /** The Model Context Protocol. */
    MCP;

    /** Returns the name in meters, properties and the access log. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
