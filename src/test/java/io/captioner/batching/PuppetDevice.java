package io.captioner.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A device that runs a batch when the test lets it, answers {@code key + input}, and keeps a record of what it saw. */
final class PuppetDevice implements BatchRunner<String, Integer, String> {
    final List<List<Integer>> runs = new CopyOnWriteArrayList<>();
    private final Semaphore started = new Semaphore(0);
    private final Semaphore allowed = new Semaphore(0);
    private volatile Consumer<List<Integer>> fault = inputs -> {};

    @Override
    public List<String> run(String key, List<Integer> inputs) {
        runs.add(List.copyOf(inputs));
        started.release();
        allowed.acquireUninterruptibly();
        fault.accept(inputs);
        List<String> outputs = new ArrayList<>();
        inputs.forEach(input -> outputs.add(key + input));
        return outputs;
    }

    /** Before it answers, the device does this with the inputs: throw, or advance a clock. */
    PuppetDevice beset(Consumer<List<Integer>> newFault) {
        fault = newFault;
        return this;
    }

    void awaitStart() throws InterruptedException {
        if (!started.tryAcquire(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the device was never run");
        }
    }

    void allow(int batches) {
        allowed.release(batches);
    }

    PuppetDevice freely() {
        allow(1_000_000);
        return this;
    }
}
