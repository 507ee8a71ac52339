package io.captioner.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock") private final Set<Entry<K, I, O>> waiting = new LinkedHashSet<>();

    @GuardedBy("lock") private final BatchForming forming;

    @GuardedBy("lock") private final Map<K, Integer> announced = new HashMap<>();

    @GuardedBy("lock") private boolean closed;

    BatchQueue(BatchSettings settings, LongSupplier nanoTime) {
        this.capacity = settings.queueCapacity();
        this.maxDelayNanos = settings.maxDelay().toNanos();
        this.nanoTime = nanoTime;
        this.forming = new BatchForming(settings, nanoTime);
    }

    /**
     * What was taken from the queue at once.
     *
     * @param batch entries of one key, oldest first; empty if no batch has closed
     * @param expired entries whose deadline had passed
     * @param waitNanos if there is no batch, the time until one closes without anything else happening
     * @param run the batch as it has begun, null if there is none
     */
    record Take<K, I, O>(
            List<Entry<K, I, O>> batch, List<Entry<K, I, O>> expired, long waitNanos, BatchForming.@Nullable Run run) {
        boolean isEmpty() {
            return batch.isEmpty() && expired.isEmpty();
        }

        Take<K, I, O> begun(BatchForming.Run begun) {
            return new Take<>(batch, expired, waitNanos, begun);
        }
    }

    /** Announces entries: they come with {@link #offer}, or are {@link #withdraw withdrawn}. */
    void announce(K key, int entries) {
        lock.lock();
        try {
            announced.merge(key, entries, Integer::sum);
            forming.announced(entries);
        } finally {
            lock.unlock();
        }
    }

    /** Entries that were announced do not come. */
    void withdraw(K key, int entries) {
        lock.lock();
        try {
            uncount(key, entries);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes all of the entries or none.
     *
     * @param asAnnounced how many announced entries these are; not announced any more if they are taken
     * @return false if there is no room for all of them
     * @throws BatchRejectedException once the queue is closed
     */
    boolean offer(List<Entry<K, I, O>> entries, int asAnnounced) {
        lock.lock();
        try {
            if (closed) {
                throw BatchRejectedException.batcherClosed();
            }
            if (entries.size() > capacity - waiting.size()) {
                return false;
            }
            waiting.addAll(entries);
            if (asAnnounced > 0) {
                uncount(entries.get(0).key, asAnnounced);
            }
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
     * Waits until a batch closes or entries expire. A caller that gets a batch must call {@link #answered} when it has
     * run, and {@link #done} in any case.
     *
     * @param size most entries in a batch
     * @return null once the queue is closed and empty
     */
    @Nullable Take<K, I, O> take(int size) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Take<K, I, O> take = takeNow(size);
                if (!take.isEmpty()) {
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

    /** Does what {@link #take} does, without waiting. */
    Take<K, I, O> takeNow(int size) {
        lock.lock();
        try {
            Take<K, I, O> take = poll(size);
            return take.batch().isEmpty()
                    ? take
                    : take.begun(forming.begin(take.batch().size()));
        } finally {
            lock.unlock();
        }
    }

    /** Tells that inputs of a run are about to be answered; {@link BatchForming#answered} has the parameters. */
    void answered(BatchForming.Run run, int inputs, int paddedSize, long nanos) {
        lock.lock();
        try {
            forming.answered(run, inputs, paddedSize, nanos);
        } finally {
            lock.unlock();
        }
    }

    /** Tells that a batch does not run any more. */
    void done(BatchForming.Run run) {
        lock.lock();
        try {
            forming.end(run);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes out what is ready now; it does not count as begun. */
    Take<K, I, O> poll(int size) {
        lock.lock();
        try {
            List<Entry<K, I, O>> expired = removeExpired();
            if (waiting.isEmpty()) {
                forming.endWait(0);
                return new Take<>(List.of(), expired, Long.MAX_VALUE, null);
            }
            int most = maxDelayNanos > 0
                    ? size
                    : forming.most(
                            waiting.size()
                                    + announced.values().stream()
                                            .mapToInt(Integer::intValue)
                                            .sum(),
                            size);
            long waitNanos = waitNanos(most);
            List<Entry<K, I, O>> batch = waitNanos <= 0 ? oldest(most) : full(most);
            Entry<K, I, O> first = waiting.iterator().next();
            boolean passes = !batch.isEmpty() && batch.get(0) != first;
            if (batch.isEmpty() || (passes && forming.mayNotBePassed(first.enqueuedAt))) {
                return new Take<>(List.of(), expired, waitNanos, null);
            }
            if (!passes) {
                forming.endWait(batch.size());
            }
            batch.forEach(waiting::remove);
            return new Take<>(batch, expired, 0, null);
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
    @GuardedBy("lock") private long waitNanos(int most) {
        if (!forming.isDeviceFree()) {
            return Long.MAX_VALUE;
        }
        if (closed) {
            return 0;
        }
        if (maxDelayNanos > 0) {
            return maxDelayNanos - (nanoTime.getAsLong() - waiting.iterator().next().enqueuedAt);
        }
        double untilADeadline = waiting.stream()
                .mapToLong(entry -> entry.deadline.remaining().toNanos())
                .min()
                .orElse(0);
        List<Entry<K, I, O>> batch = oldest(most);
        int expected = announced.getOrDefault(batch.get(0).key, 0);
        return forming.waitNanos(batch.size(), expected, most, untilADeadline);
    }

    @GuardedBy("lock") private void uncount(K key, int entries) {
        announced.computeIfPresent(key, (same, count) -> count > entries ? count - entries : null);
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
