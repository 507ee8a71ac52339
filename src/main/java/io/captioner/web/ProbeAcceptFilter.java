package io.captioner.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers health probes whatever type they accept: they read the status, and would take 406 for a dead service. */
final class ProbeAcceptFilter extends OncePerRequestFilter {
    private static final List<String> PROBES = List.of("/livez", "/readyz", "/actuator/health");

    /** Puts the filter before the service's own probes, and before those of the management port. */
    static final class Registration {
        @Bean
        FilterRegistrationBean<ProbeAcceptFilter> probeAcceptFilter() {
            return new FilterRegistrationBean<>(new ProbeAcceptFilter());
        }
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI().substring(request.getContextPath().length());
        return PROBES.stream().noneMatch(probe -> path.equals(probe) || path.startsWith(probe + "/"));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(new AcceptingAll(request), response);
    }

    private static final class AcceptingAll extends HttpServletRequestWrapper {
        AcceptingAll(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase(HttpHeaders.ACCEPT) ? MediaType.ALL_VALUE : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return name.equalsIgnoreCase(HttpHeaders.ACCEPT)
                    ? Collections.enumeration(List.of(MediaType.ALL_VALUE))
                    : super.getHeaders(name);
        }
    }
}
