package io.captioner.web;

import io.captioner.web.ProtocolRoutes.ErrorAnswer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Writes the problems of a protocol's routes in the protocol's own form, after the access log has read them. */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
@Profile("!training")
final class ProtocolErrorAdvice implements ResponseBodyAdvice<Object> {
    private final Protocols protocols;

    ProtocolErrorAdvice(Protocols protocols) {
        this.protocols = protocols;
    }

    @Override
    public boolean supports(MethodParameter method, Class<? extends HttpMessageConverter<?>> converter) {
        return !protocols.all().isEmpty();
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter method,
            MediaType mediaType,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof ProblemDetail problem && request instanceof ServletServerHttpRequest servlet) {
            ProtocolRoutes routes = protocols.of(servlet.getServletRequest());
            if (routes != null) {
                servlet.getServletRequest()
                        .setAttribute(
                                ProtocolRoutes.RETRY_AFTER,
                                response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER));
                ErrorAnswer answer = routes.error(problem, servlet.getServletRequest());
                response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
                response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
                return answer.body();
            }
        }
        return body;
    }
}
