package io.captioner.api;

import io.captioner.web.ProblemExceptionHandler;
import io.captioner.web.ProtocolRoutes;
import io.captioner.web.ProtocolRoutes.Route;
import io.captioner.web.Protocols;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.api.OpenApiResourceNotFoundException;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.models.GroupedOpenApi;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI descriptions of the protocols of other programs, a group each; the main description leaves them out. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
class ProtocolGroups {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String JSON_TYPE = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

    @Bean
    @ConditionalOnBean(ProtocolRoutes.class)
    List<GroupedOpenApi> groupedOpenApis(Protocols protocols) {
        return protocols.all().stream().map(ProtocolGroups::group).toList();
    }

    @Bean
    OpenApiCustomizer withoutProtocols(Protocols protocols) {
        return openApi -> openApi.getPaths()
                .keySet()
                .removeIf(path -> protocols.all().stream().anyMatch(routes -> find(routes, path) != null));
    }

    /** The answer to a request for a group that does not exist. */
    @RestControllerAdvice
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @Profile("!training")
    static final class UnknownGroupAdvice {
        @ExceptionHandler
        ResponseEntity<ProblemDetail> groupIsUnknown(OpenApiResourceNotFoundException unknown) {
            return ResponseEntity.status(HttpStatus.NOT_FOUND)
                    .contentType(org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON)
                    .body(ProblemExceptionHandler.ofStatus(HttpStatus.NOT_FOUND.value()));
        }
    }

    private static GroupedOpenApi group(ProtocolRoutes routes) {
        return GroupedOpenApi.builder()
                .group(routes.protocol().tag())
                .pathsToMatch(routes.routes().stream()
                        .map(route -> route.path().getPatternString())
                        .distinct()
                        .toArray(String[]::new))
                .addOpenApiCustomizer(
                        openApi -> openApi.getPaths().forEach((path, item) -> describe(routes, path, item)))
                .build();
    }

    private static void describe(ProtocolRoutes routes, String path, PathItem item) {
        for (Map.Entry<HttpMethod, Operation> operation :
                item.readOperationsMap().entrySet()) {
            Route route = find(routes, path);
            if (route != null) {
                operation.getValue().tags(List.of(routes.protocol().tag())).summary(route.summary());
                if (route.example() != null) {
                    operation.getValue().requestBody(body(route.example()));
                }
            }
        }
    }

    private static RequestBody body(String example) {
        return new RequestBody()
                .required(true)
                .content(new Content()
                        .addMediaType(
                                JSON_TYPE,
                                new MediaType()
                                        .schema(new ObjectSchema())
                                        .example(JSON.readValue(example, Object.class))));
    }

    private static @Nullable Route find(ProtocolRoutes routes, String path) {
        return routes.routes().stream()
                .filter(route -> route.path().getPatternString().equals(path))
                .findFirst()
                .orElse(null);
    }
}
