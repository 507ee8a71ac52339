package io.captioner.batching;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** One input on its way through the batcher. The device thread owns it once it is taken from the queue. */
final class Entry<K, I, O> {
    final K key;
    final I input;
    final Deadline deadline;
    final BooleanSupplier unwanted;
    final long enqueuedAt;
    final CompletableFuture<Batched<O>> future = new CompletableFuture<>();

    /** How often the device failed on this input alone. */
    int failedAlone;

    Entry(K key, I input, Deadline deadline, BooleanSupplier unwanted, long enqueuedAt) {
        this.key = key;
        this.input = input;
        this.deadline = deadline;
        this.unwanted = unwanted;
        this.enqueuedAt = enqueuedAt;
    }
}
