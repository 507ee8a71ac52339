package io.captioner.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Puts the access log in front of everything but the observation of the request, whose trace it belongs to. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@Import(ProbeAcceptFilter.Registration.class)
class AccessLogConfiguration {
    private static final int AFTER_OBSERVATION = Ordered.HIGHEST_PRECEDENCE + 2;

    @Bean
    AccessLogWriter accessLogWriter(Environment environment) {
        return new AccessLogWriter(environment.containsProperty("logging.structured.format.console"));
    }

    @Bean
    FilterRegistrationBean<AccessLogFilter> accessLog(AccessLogWriter writer) {
        FilterRegistrationBean<AccessLogFilter> registration =
                new FilterRegistrationBean<>(new AccessLogFilter(writer, System::nanoTime));
        registration.setOrder(AFTER_OBSERVATION);
        return registration;
    }

    /** Writes the access log line of every request that reaches Spring, with the id of its trace. */
    static final class AccessLogFilter extends OncePerRequestFilter {
        private final AccessLogWriter writer;
        private final LongSupplier nanoTime;

        /** @param nanoTime the clock, as {@link System#nanoTime()} */
        AccessLogFilter(AccessLogWriter writer, LongSupplier nanoTime) {
            this.writer = writer;
            this.nanoTime = nanoTime;
        }

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return !AccessLogWriter.isLogged(request);
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            long start = nanoTime.getAsLong();
            boolean returned = false;
            try {
                chain.doFilter(request, response);
                returned = true;
            } finally {
                // The server answers an uncaught exception with 500 later.
                int status = returned ? response.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR.value();
                writer.write(request, status, nanoTime.getAsLong() - start);
            }
        }
    }
}
