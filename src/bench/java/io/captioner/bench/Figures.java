package io.captioner.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Work of one kind that is measured in rounds: how much was done, in what time, with how much processor time. */
final class Figures {
    private final List<Round> rounds = new ArrayList<>();
    private final Latencies latencies = new Latencies();

    private record Round(double count, double seconds, double cpuSeconds) {
        double perSecond() {
            return count / seconds;
        }
    }

    /**
     * Adds a round of this process: does the work again and again until the time is up.
     *
     * @param work a piece of it; returns how much it was
     */
    void measure(Duration duration, DoubleSupplier work) {
        measure(duration, 1, work);
    }

    /** Like {@link #measure(Duration, DoubleSupplier)}, in N threads at once. */
    void measure(Duration duration, int threads, DoubleSupplier work) {
        double cpu = cpuSeconds(ProcessHandle.current());
        long start = System.nanoTime();
        double count = IntStream.range(0, threads)
                .mapToObj(thread -> CompletableFuture.supplyAsync(
                        () -> until(start + duration.toNanos(), work), task -> new Thread(task, "measured").start()))
                .toList()
                .stream()
                .mapToDouble(CompletableFuture::join)
                .sum();
        rounds.add(new Round(count, (System.nanoTime() - start) / 1e9, cpuSeconds(ProcessHandle.current()) - cpu));
    }

    private double until(long end, DoubleSupplier work) {
        Latencies own = new Latencies();
        double count = 0;
        for (long now = System.nanoTime(); now < end; ) {
            long before = now;
            count += work.getAsDouble();
            now = System.nanoTime();
            own.add(now - before);
        }
        synchronized (latencies) {
            latencies.addAll(own);
        }
        return count;
    }

    /**
     * Adds a round of another program. The last line it prints says how much it did, in how many seconds, with how many
     * seconds of processor time.
     */
    void measure(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("the program failed with status %d; run it by hand to see why: %s"
                    .formatted(process.exitValue(), String.join(" ", command)));
        }
        String[] figures = output.substring(output.lastIndexOf('\n') + 1).split(" ");
        rounds.add(new Round(
                Double.parseDouble(figures[0]), Double.parseDouble(figures[1]), Double.parseDouble(figures[2])));
    }

    /** Returns how long each piece of work took in this process. */
    Latencies latencies() {
        return latencies;
    }

    /** Returns how much was done in a second over all rounds. */
    double perSecond() {
        return sum(Round::count) / sum(Round::seconds);
    }

    double cpuSecondsEach() {
        return sum(Round::cpuSeconds) / sum(Round::count);
    }

    /** Returns how much was done in a second of the median round; NaN if nothing was measured. */
    double medianPerSecond() {
        return median(Round::perSecond);
    }

    double medianCpuSecondsEach() {
        return median(round -> round.cpuSeconds / round.count);
    }

    /** Returns the rate of the last round as text. */
    String last() {
        return rounds.isEmpty()
                ? "-"
                : Table.number(rounds.get(rounds.size() - 1).perSecond());
    }

    private double sum(ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).sum();
    }

    private double median(ToDoubleFunction<Round> figure) {
        return rounds.stream()
                .mapToDouble(figure)
                .sorted()
                .skip(rounds.size() / 2)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Returns the processor time that a process has taken so far, in seconds; NaN where the system does not tell. */
    static double cpuSeconds(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .map(duration -> duration.toNanos() / 1e9)
                .orElse(Double.NaN);
    }
}
