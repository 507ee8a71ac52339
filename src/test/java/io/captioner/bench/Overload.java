package io.captioner.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Five times the load that the service can bear: it goes on working at full speed, and refuses the rest at once. */
final class Overload implements Scenario {
    private static final int TIMES_CAPACITY = 5;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final double DEADLINE_MILLIS = 10_000;
    private static final int SINGLE_REQUESTS = 30;
    private static final double NORMAL = 1.5;
    private static final double NANOS = 1e9;

    @Override
    public void run(Options options, Report report) throws Exception {
        Duration duration = options.seconds(300);
        List<byte[]> photos = Photos.of(options);
        try (ServerProcess server = ServerProcess.start(options, MemoryWatch.FIXED_HEAP, options.models());
                Traffic traffic = new Traffic(server.port(), photos)) {
            Duration forPeak = Duration.ofSeconds(Math.min(60, duration.toSeconds()));
            double before = Capacity.measure(traffic, forPeak, report);
            double rate = TIMES_CAPACITY * before;
            double normalMillis = NORMAL * singleRequests(traffic).millis(99);
            report.progress("the same flood first, until the server has compiled what refuses");
            WarmUp.run(report, server, length -> OpenLoop.run(traffic, rate, length, options.seed() + 1));
            report.progress("%d %% of capacity for %d s".formatted(100 * TIMES_CAPACITY, duration.toSeconds()));
            ServedFigures figures = new ServedFigures();
            CompletableFuture<Double> recovery = new CompletableFuture<>();
            try (MemoryWatch memory = new MemoryWatch(server, Duration.ofSeconds(2))) {
                long end = System.nanoTime() + duration.toNanos();
                Load load = figures.measure(
                        server,
                        () -> OpenLoop.run(
                                traffic, rate, () -> goesOn(end, recovery, traffic, normalMillis), options.seed()));
                double recovered = recovery.get(2, TimeUnit.MINUTES);
                // A machine that others use too changes its speed in the meantime: before and after count the same.
                double peak = (before + Capacity.measure(traffic, forPeak, report)) / 2;
                report(report, load, figures, peak, recovered);
                memory.report(report, 1.05);
            }
        }
    }

    private static Latencies singleRequests(Traffic traffic) {
        Latencies latencies = new Latencies();
        for (int i = 0; i < SINGLE_REQUESTS; i++) {
            latencies.add(traffic.send(System.nanoTime()).nanos());
        }
        return latencies;
    }

    /** Whether the load goes on; when it does not, requests one after the other find out when all is normal again. */
    private static boolean goesOn(long end, CompletableFuture<Double> recovery, Traffic traffic, double normalMillis) {
        long now = System.nanoTime();
        if (now < end) {
            return true;
        }
        Thread prober = new Thread(
                () -> {
                    Sample sample;
                    do {
                        sample = traffic.send(System.nanoTime());
                    } while (System.nanoTime() - now < Duration.ofMinutes(1).toNanos()
                            && (!sample.ok() || sample.nanos() / 1e6 > normalMillis));
                    recovery.complete((sample.done() - now) / NANOS);
                },
                "prober");
        prober.setDaemon(true);
        prober.start();
        return false;
    }

    private static void report(Report report, Load load, ServedFigures figures, double peak, double recovered) {
        Table loads = ServedFigures.table("Overload");
        figures.addTo(loads, "%d %% of capacity".formatted(100 * TIMES_CAPACITY));
        report.add(loads);
        Table windows = new Table("Goodput in windows of 10 s", "from s", "images/s", "of peak");
        double worst = Double.POSITIVE_INFINITY;
        for (long from = load.start(); from + WINDOW.toNanos() <= load.end(); from += WINDOW.toNanos()) {
            double goodput = load.goodput(from, from + WINDOW.toNanos());
            worst = Math.min(worst, goodput / peak);
            windows.row(Long.toString(Math.round((from - load.start()) / NANOS)), goodput, goodput / peak);
        }
        report.add(windows);
        report.progress("worst window: %s of the peak".formatted(Table.number(worst)));
        report.add(Verdict.atLeast("goodput, of the peak before and after", 0.90, figures.imagesPerSecond() / peak));
        report.add(Verdict.atMost(
                "p99 of the accepted, ms", DEADLINE_MILLIS, figures.accepted().millis(99)));
        report.add(Verdict.atMost("answers of 5xx but 503 and 504, or none", 0, Faults.count(load)));
        Latencies refused = figures.refused();
        report.add(
                refused.count() == 0
                        ? Verdict.that("there were refusals", false, "none")
                        : Verdict.atMost("p99 of refusals, ms", 50, refused.millis(99)));
        report.add(Verdict.atMost("seconds until a request waits as usual again", 5, recovered));
    }
}
