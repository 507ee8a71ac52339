package io.captioner.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The check of each request's client and its rate: called first, on the thread of the request, before its body is read.
 * Called by many threads at once.
 */
public interface RequestAuthorizer {
    /** Accepts every request. */
    RequestAuthorizer OPEN = head -> Grant.ANONYMOUS;

    /**
     * Authorizes a request.
     *
     * @return the grant, to be closed when the request is over
     * @throws AccessRefusedException if it is refused, for good or for now
     */
    Grant authorize(RequestHead head) throws AccessRefusedException;

    /** The head of a request. Valid on its thread, during the call. */
    interface RequestHead {
        String method();

        /** Returns the path below the context path as it was sent: still encoded, with parameters and dots. */
        String path();

        /** Returns all values of a header, in the order sent. */
        List<String> headers(String name);
    }

    /** An authorized request in flight. */
    interface Grant extends AutoCloseable {
        /** The grant of a request whose client is not identified. */
        Grant ANONYMOUS = new Grant() {
            @Override
            public @Nullable String caller() {
                return null;
            }

            @Override
            public void close() {}
        };

        /** Returns the client's name for the access log; null if it has none, or must not be logged. */
        @Nullable String caller();

        /** Ends the request. Must be called once. */
        @Override
        void close();
    }
}
