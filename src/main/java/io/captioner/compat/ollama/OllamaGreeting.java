package io.captioner.compat.ollama;

import io.captioner.caption.Protocol;
import io.captioner.compat.ConditionalOnProtocol;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The answer at {@code /} by which programs recognise Ollama; browsers get the page. */
@Component
@ConditionalOnProtocol(Protocol.OLLAMA)
final class OllamaGreeting implements HandlerInterceptor, WebMvcConfigurer {
    private static final byte[] TEXT = "Ollama is running".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        String accepted = String.valueOf(request.getHeader(HttpHeaders.ACCEPT)).toLowerCase(Locale.ROOT);
        if (accepted.contains(MediaType.TEXT_HTML_VALUE)) {
            return true;
        }
        response.setContentType(MediaType.TEXT_PLAIN_VALUE);
        response.setContentLength(TEXT.length);
        response.getOutputStream().write(TEXT);
        return false;
    }
}
