package io.captioner.bench;

/** Whatever takes a load's requests; safe for use by several threads. */
@FunctionalInterface
interface Client {
    /** Sends the next request, which was due then, and waits for its answer. */
    Sample send(long due);
}
