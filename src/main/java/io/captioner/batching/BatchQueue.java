package io.captioner.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of a batcher, in order of arrival, and the rule by which a batch closes. Any thread may offer and
 * remove; each thread that takes a batch calls {@link #done} after it. Under the lock only clocks are called.
 */
final class BatchQueue<K, I, O> {
    private final int capacity;
    private final long maxDelayNanos;
    private final int devices;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock") private final Set<Entry<K, I, O>> waiting = new LinkedHashSet<>();

    @GuardedBy("lock") private int running;

    @GuardedBy("lock") private boolean closed;

    BatchQueue(BatchSettings settings, LongSupplier nanoTime) {
        this.capacity = settings.queueCapacity();
        this.maxDelayNanos = settings.maxDelay().toNanos();
        this.devices = settings.devices();
        this.nanoTime = nanoTime;
    }

    /**
     * What was taken from the queue at once.
     *
     * @param batch entries of one key, oldest first; empty if no batch has closed
     * @param expired entries whose deadline had passed
     * @param waitNanos if there is no batch, the time until one closes without anything else happening
     */
    record Take<K, I, O>(List<Entry<K, I, O>> batch, List<Entry<K, I, O>> expired, long waitNanos) {
        boolean isEmpty() {
            return batch.isEmpty() && expired.isEmpty();
        }
    }

    /**
     * Takes all of the entries or none.
     *
     * @return false if there is no room for all of them
     * @throws BatchRejectedException once the queue is closed
     */
    boolean offer(List<Entry<K, I, O>> entries) {
        lock.lock();
        try {
            if (closed) {
                throw BatchRejectedException.batcherClosed();
            }
            if (entries.size() > capacity - waiting.size()) {
                return false;
            }
            waiting.addAll(entries);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes one entry out; returns whether it was still waiting. */
    boolean remove(Entry<K, I, O> entry) {
        lock.lock();
        try {
            return waiting.remove(entry);
        } finally {
            lock.unlock();
        }
    }

    /** Takes out the entries whose deadline has passed. */
    List<Entry<K, I, O>> removeExpired() {
        lock.lock();
        try {
            List<Entry<K, I, O>> expired = new ArrayList<>();
            for (Iterator<Entry<K, I, O>> entries = waiting.iterator(); entries.hasNext(); ) {
                Entry<K, I, O> entry = entries.next();
                if (entry.deadline.expired()) {
                    entries.remove();
                    expired.add(entry);
                }
            }
            return expired;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a batch closes or entries expire. A caller that gets a batch must call {@link #done} after it.
     *
     * @param size most entries in a batch
     * @return null once the queue is closed and empty
     */
    @Nullable Take<K, I, O> take(int size) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Take<K, I, O> take = poll(size);
                if (!take.isEmpty()) {
                    running += take.batch().isEmpty() ? 0 : 1;
                    // What is left may be a batch for another.
                    changed.signalAll();
                    return take;
                }
                if (closed && waiting.isEmpty()) {
                    return null;
                }
                if (take.waitNanos() == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    // Woken for any reason, it reads its clock again.
                    changed.await(take.waitNanos(), TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tells that a batch of {@link #take} does not run any more. */
    void done() {
        lock.lock();
        try {
            running--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes what is ready now. */
    Take<K, I, O> poll(int size) {
        lock.lock();
        try {
            List<Entry<K, I, O>> expired = removeExpired();
            if (waiting.isEmpty()) {
                return new Take<>(List.of(), expired, Long.MAX_VALUE);
            }
            long waitNanos = waitNanos();
            List<Entry<K, I, O>> batch = waitNanos <= 0 ? oldest(size) : full(size);
            batch.forEach(waiting::remove);
            return new Take<>(batch, expired, waitNanos);
        } finally {
            lock.unlock();
        }
    }

    /** Rejects new entries from now on; waiting entries no longer wait for a fuller batch. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes out everything. */
    List<Entry<K, I, O>> drain() {
        lock.lock();
        try {
            List<Entry<K, I, O>> all = List.copyOf(waiting);
            waiting.clear();
            changed.signalAll();
            return all;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the time until a batch need not be full; {@link Long#MAX_VALUE} while no device is free. */
    @GuardedBy("lock") private long waitNanos() {
        if (running >= devices) {
            return Long.MAX_VALUE;
        }
        return closed
                ? 0
                : maxDelayNanos - (nanoTime.getAsLong() - waiting.iterator().next().enqueuedAt);
    }

    @GuardedBy("lock") private List<Entry<K, I, O>> oldest(int size) {
        K key = waiting.iterator().next().key;
        List<Entry<K, I, O>> batch = new ArrayList<>();
        for (Entry<K, I, O> entry : waiting) {
            if (batch.size() < size && entry.key.equals(key)) {
                batch.add(entry);
            }
        }
        return batch;
    }

    @GuardedBy("lock") private List<Entry<K, I, O>> full(int size) {
        Map<K, List<Entry<K, I, O>>> byKey = new LinkedHashMap<>();
        for (Entry<K, I, O> entry : waiting) {
            List<Entry<K, I, O>> sameKey = byKey.computeIfAbsent(entry.key, key -> new ArrayList<>());
            sameKey.add(entry);
            if (sameKey.size() == size) {
                return sameKey;
            }
        }
        return List.of();
    }
}
