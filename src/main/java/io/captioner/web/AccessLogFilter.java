package io.captioner.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Writes the access log line of every request that reaches Spring, with the id of its trace. */
final class AccessLogFilter extends OncePerRequestFilter {
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
