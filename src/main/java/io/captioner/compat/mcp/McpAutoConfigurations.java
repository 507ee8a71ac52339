package io.captioner.compat.mcp;

import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * The choice among the automatic configurations of Spring AI's starter: the one of the server without sessions where
 * the protocol is switched on, and otherwise none, so that none of their classes is loaded.
 */
final class McpAutoConfigurations implements AutoConfigurationImportFilter, EnvironmentAware {
    private static final String PREFIX = "org.springframework.ai.mcp.";

    private @Nullable Environment environment;

    /** For Spring, which makes it before there are beans. */
    McpAutoConfigurations() {}

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
        boolean enabled = ConditionalOnProtocol.OnProtocol.isServed(
                Protocol.MCP, Objects.requireNonNull(environment, "bug: Spring sets it"));
        boolean[] wanted = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            wanted[i] = name == null
                    || !name.startsWith(PREFIX)
                    || (enabled && name.equals(McpServerStatelessAutoConfiguration.class.getName()));
        }
        return wanted;
    }
}
