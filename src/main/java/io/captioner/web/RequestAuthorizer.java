package io.captioner.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in, and how often: asked first of all, on the thread of each request, before anything of its body is
 * read. Called by many threads at once.
 */
public interface RequestAuthorizer {
    /** Lets everybody in. */
    RequestAuthorizer OPEN = visitor -> Pass.OF_NOBODY;

    /**
     * Lets a request in.
     *
     * @return what must be closed when the request is over
     * @throws RequestRefusedException if it may not come in, or not now
     */
    Pass enter(Visitor visitor) throws RequestRefusedException;

    /** What a gate sees of a request. Belongs to its thread, and to the time of the call. */
    interface Visitor {
        String method();

        /** Returns the path below the context path as it was sent: still encoded, with parameters and dots. */
        String path();

        /** Returns all values of a header, in the order sent. */
        List<String> headers(String name);
    }

    /** A request that was let in and is not over. */
    interface Pass extends AutoCloseable {
        /** The pass of a request whose sender was not asked for. */
        Pass OF_NOBODY = new Pass() {
            @Override
            public @Nullable String caller() {
                return null;
            }

            @Override
            public void close() {}
        };

        /**
         * Returns the name for the access log of who sent the request; null if it has none, or must not stand there.
         */
        @Nullable String caller();

        /** Ends the visit. Must be called once. */
        @Override
        void close();
    }
}
