package io.captioner.batching;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which a free device runs what waits or waits for a fuller batch, from measured rates only. Not safe for
 * use by several threads: the queue calls it under its lock.
 *
 * <p><b>When to wait.</b> Running w inputs now and k later takes t(w) + t(k), running them together t(w + k). A free
 * device waits while for some number k of expected inputs the difference is more than the time that waiting for k has
 * cost before, and never longer than that difference in all, so never longer than the run of what waits would take.
 * Expected are the announced inputs, and the next ones of clients that have just been answered. With nothing expected
 * the device does not wait.
 *
 * <p><b>How many at once.</b> Where a device may have several batches, they share the inputs in flight evenly if runs
 * of such a share beside each other have been faster than one run of all. Both are tried first; now and then the slower
 * one is tried again.
 */
final class BatchForming {
    /** Of this many batches the last few try the way that was slower. */
    private static final int BATCHES_PER_TRIAL = 256;

    private static final int TRIAL_BATCHES = 6;

    /** A run counts as beside another one from this share of its time on, and as alone up to the other. */
    private static final double BESIDE = 0.75;

    private static final double ALONE = 0.05;

    private final int maxBatchSize;
    private final int devices;
    private final int batchesPerDevice;
    private final LongSupplier nanoTime;
    private final RunTimes times;
    private final ReturningClients returning = new ReturningClients();
    private final WaitCost announcedCost = new WaitCost();
    private final WaitCost returningCost = new WaitCost();
    private @Nullable Wait wait;
    private int begun;
    private int running;
    private int runningInputs;
    private long besideNanos;
    private long changedAt;

    BatchForming(BatchSettings settings, LongSupplier nanoTime) {
        this.maxBatchSize = settings.maxBatchSize();
        this.devices = settings.devices();
        this.batchesPerDevice = settings.concurrentBatches() / settings.devices();
        this.nanoTime = nanoTime;
        this.times = new RunTimes(settings.allowedSizes());
    }

    /**
     * A batch on a device.
     *
     * @param inputs how many it has
     * @param at when it began
     * @param besideNanos time that batches had been beside each other on a device until then
     */
    record Run(int inputs, long at, long besideNanos) {}

    /** A wait of a free device that began at a time, with a number of inputs waiting, charged to a cost. */
    private record Wait(long since, int waiting, WaitCost cost) {}

    /** What waiting has cost: the sum of the times and of the inputs that came meanwhile, the older the less. */
    private static final class WaitCost {
        private static final double KEPT = 0.9;
        private static final double KEPT_WHEN_DECLINED = 0.98;
        private double nanos;
        private double inputs;

        void add(long waited, int came) {
            nanos = KEPT * nanos + waited;
            inputs = KEPT * inputs + came;
        }

        /** A wait that costs too much is tried again after a number of decisions, for the load may have changed. */
        void decline() {
            nanos *= KEPT_WHEN_DECLINED;
        }

        double of(int expected) {
            return expected * nanos / Math.max(1, inputs);
        }
    }

    void announced(int inputs) {
        returning.announced(inputs, nanoTime.getAsLong(), longestRun());
    }

    /** A batch begins; {@link #end} must follow. */
    Run begin(int inputs) {
        countTime();
        begun++;
        running++;
        runningInputs += inputs;
        return new Run(inputs, changedAt, besideNanos);
    }

    /**
     * Inputs of a batch are about to be answered.
     *
     * @param paddedSize the size that the device ran, 0 if it was not the whole batch
     * @param nanos how long it ran
     */
    void answered(Run run, int inputs, int paddedSize, long nanos) {
        countTime();
        returning.answered(inputs, changedAt);
        double beside = (besideNanos - run.besideNanos) / (double) Math.max(1, changedAt - run.at);
        if (paddedSize > 0 && (beside <= ALONE || beside >= BESIDE)) {
            times.add(paddedSize, beside >= BESIDE, nanos);
        }
    }

    void end(Run run) {
        countTime();
        running--;
        runningInputs -= run.inputs;
    }

    boolean isDeviceFree() {
        return running < devices;
    }

    /**
     * Returns whether an input has waited so long that no batch of others may start before it: while a device has one
     * batch after the other beside it, it would never be free.
     */
    boolean mayNotBePassed(long enqueuedAt) {
        return !isDeviceFree() && nanoTime.getAsLong() - enqueuedAt > longestRun();
    }

    private void countTime() {
        long now = nanoTime.getAsLong();
        if (running > devices) {
            besideNanos += now - changedAt;
        }
        changedAt = now;
    }

    /**
     * Returns the most inputs of the next batch, at most {@code limit}.
     *
     * @param coming inputs that wait or are announced
     */
    int most(int coming, int limit) {
        int share = share(coming);
        return share < limit && isSharedBetter(share, limit) ? share : limit;
    }

    /** The inputs in flight that fall to each batch of a device, or the next size below where that is faster. */
    private int share(int coming) {
        int inFlight = coming + runningInputs + returning.expected(nanoTime.getAsLong(), longestRun());
        int share = (inFlight + batchesPerDevice - 1) / batchesPerDevice;
        return share >= maxBatchSize ? maxBatchSize : times.fastest(Math.max(1, share), true);
    }

    private boolean isSharedBetter(int share, int limit) {
        if (batchesPerDevice == 1) {
            return false;
        }
        int together = Math.min(batchesPerDevice * share, limit);
        if (!times.isKnown(together, false)) {
            return false;
        }
        if (!times.isKnown(share, true)) {
            return true;
        }
        double shared = times.of(share, true) / (batchesPerDevice * share);
        boolean better = shared < times.of(together, false) / together;
        return better != (begun % BATCHES_PER_TRIAL >= BATCHES_PER_TRIAL - TRIAL_BATCHES);
    }

    /**
     * Returns how long a free device waits with these inputs, if nothing happens meanwhile; 0 if it runs them.
     *
     * @param waiting inputs that a batch could take now, at least 1
     * @param announced inputs that could join it and have been announced
     * @param most inputs that the batch would take
     * @param untilADeadline nanoseconds until the first deadline of an input that waits: it must have run by then
     */
    long waitNanos(int waiting, int announced, int most, double untilADeadline) {
        long now = nanoTime.getAsLong();
        int certain = Math.min(most - waiting, announced);
        int likely = Math.min(most - waiting, announced + returning.expected(now, longestRun()));
        double limit = untilADeadline - times.of(most, false);
        long left = left(waiting, certain, announcedCost, limit, now);
        if (left > 0) {
            return left;
        }
        return likely > certain
                ? Math.min(returning.untilFewer(now), left(waiting, likely, returningCost, limit, now))
                : 0;
    }

    private long left(int waiting, int expected, WaitCost cost, double limit, long now) {
        double worth = 0;
        double saved = 0;
        for (int more = 1; more <= expected; more++) {
            double savedWithMore = times.saved(waiting, more);
            if (savedWithMore - cost.of(more) > worth) {
                worth = savedWithMore - cost.of(more);
                saved = savedWithMore;
            }
        }
        if (worth == 0) {
            if (expected > 0 && wait == null) {
                cost.decline();
            }
            return 0;
        }
        long waited = wait == null ? 0 : now - wait.since;
        long left = (long) (Math.min(saved, limit) - waited);
        if (left > 0 && wait == null) {
            wait = new Wait(now, waiting, cost);
        }
        return Math.max(0, left);
    }

    /** A batch is about to begin with inputs, or none wait any more. */
    void endWait(int waiting) {
        if (wait != null) {
            wait.cost.add(nanoTime.getAsLong() - wait.since, Math.max(0, waiting - wait.waiting));
            wait = null;
        }
    }

    private double longestRun() {
        return times.of(maxBatchSize, true);
    }
}
