package io.captioner.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Has a line written for every request that comes to Spring. The trace's id comes with every line of the log. */
final class AccessLogFilter extends OncePerRequestFilter {
    private final AccessLogWriter lines;
    private final LongSupplier nanoTime;

    /** @param nanoTime the clock, as {@link System#nanoTime()} */
    AccessLogFilter(AccessLogWriter lines, LongSupplier nanoTime) {
        this.lines = lines;
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
            // What nobody caught, the server answers with 500 later.
            int status = returned ? response.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR.value();
            lines.write(request, status, nanoTime.getAsLong() - start);
        }
    }
}
