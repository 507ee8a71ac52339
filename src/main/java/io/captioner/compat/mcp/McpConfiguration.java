package io.captioner.compat.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What Spring AI's server is made of, besides its transport. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProtocol(Protocol.MCP)
class McpConfiguration {
    @Bean
    List<SyncToolSpecification> mcpTools(CaptionImageTool captionImage) {
        return List.of(new SyncToolSpecification(captionImage.tool(), captionImage::call));
    }

    /** The mapper of the protocol's own records, by the name that the server asks for. */
    @Bean(defaultCandidate = false)
    JsonMapper mcpServerJsonMapper() {
        return JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .changeDefaultPropertyInclusion(included -> included.withValueInclusion(JsonInclude.Include.NON_NULL))
                .build();
    }
}
