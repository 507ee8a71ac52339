package io.captioner.compat;

import io.captioner.caption.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The protocols of other programs: {@code captioner.compat.*}.
 *
 * @param enabled the protocols that are switched on, such as {@code ollama,openai}; the property {@code enabled} of a
 *     single protocol counts before it
 * @param jsonMemory most bytes of bodies of JSON with photos in memory at the same time; requests beyond it get 429. A
 *     body in memory takes about three times its size until its photos are decoded
 */
@ConfigurationProperties("captioner.compat")
public record CompatProperties(
        @DefaultValue List<Protocol> enabled,
        @DefaultValue("128MB") DataSize jsonMemory,
        @DefaultValue Ollama ollama,
        @DefaultValue OpenAi openai,
        @DefaultValue Azure azure,
        @DefaultValue Oip oip,
        @DefaultValue PhotoPrism photoprism,
        @DefaultValue Seer seer,
        @DefaultValue Max max,
        @DefaultValue Mcp mcp) {

    /** @throws IllegalArgumentException if the service's own protocol is named */
    public CompatProperties {
        if (enabled.contains(Protocol.CAPTIONER)) {
            throw new IllegalArgumentException(
                    "captioner.compat.enabled names protocols of other programs; 'captioner' is always on: leave it out");
        }
        enabled = List.copyOf(enabled);
    }

    /**
     * Ollama's API.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code ollama}
     * @param aliases other names of the default model, such as {@code moondream}, for programs that accept known names
     *     only
     */
    public record Ollama(
            @Nullable Boolean enabled, @DefaultValue List<String> aliases) {
        /** Takes a copy of the list. */
        public Ollama {
            aliases = List.copyOf(aliases);
        }
    }

    /**
     * OpenAI's API.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code openai}
     */
    public record OpenAi(@Nullable Boolean enabled) {}

    /**
     * Azure's Image Analysis.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code azure}
     */
    public record Azure(@Nullable Boolean enabled) {}

    /**
     * The Open Inference Protocol, version 2.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code oip}
     */
    public record Oip(@Nullable Boolean enabled) {}

    /**
     * PhotoPrism's own format of vision requests.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code photoprism}
     */
    public record PhotoPrism(@Nullable Boolean enabled) {}

    /**
     * Seer, which screen readers call.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code seer}
     */
    public record Seer(@Nullable Boolean enabled) {}

    /**
     * IBM's Model Asset Exchange.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code max}
     */
    public record Max(@Nullable Boolean enabled) {}

    /**
     * The Model Context Protocol.
     *
     * @param enabled whether it is switched on; unset: if {@code captioner.compat.enabled} has {@code mcp}
     * @param origins web pages whose requests are accepted, such as {@code https://tools.example.org}; those of all
     *     others, which browsers mark with the header Origin, get 403
     */
    public record Mcp(
            @Nullable Boolean enabled, @DefaultValue List<String> origins) {
        /** Takes a copy of the list. */
        public Mcp {
            origins = List.copyOf(origins);
        }
    }
}
