package io.captioner.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Five times the capacity: the service keeps its goodput, and refuses the rest at once. */
final class Overload implements Bench.Scenario {
    private static final int TIMES_CAPACITY = 5;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final double DEADLINE_MILLIS = 10_000;
    private static final Duration MOST_FOR_PEAK = Duration.ofSeconds(60);
    private static final double USUAL = 1.5;
    private static final double NANOS = 1e9;

    @Override
    public void run(Options options, Report report) throws Exception {
        Duration duration = options.seconds(300);
        List<byte[]> photos = Photos.of(options);
        try (ServerProcess server = ServerProcess.start(options, MemoryWatch.FIXED_HEAP, options.models())) {
            LoadGenerator generator = new LoadGenerator(server, photos, options, report);
            Duration forPeak = duration.compareTo(MOST_FOR_PEAK) < 0 ? duration : MOST_FOR_PEAK;
            double before = generator.capacity(forPeak);
            double rate = TIMES_CAPACITY * before;
            double usualMillis = USUAL
                    * generator
                            .closed(null, 1, forPeak.dividedBy(10))
                            .latencies(Load.Sample::ok)
                            .millis(99);
            report.progress("the same load first, until the server has compiled what refuses");
            generator.warmUp(server, duration, length -> generator.open(null, rate, length));
            String name = "%d %% of capacity".formatted(100 * TIMES_CAPACITY);
            report.progress("%s for %d s".formatted(name, duration.toSeconds()));
            ServedFigures figures = new ServedFigures();
            try (MemoryWatch memory = new MemoryWatch(server, Duration.ofSeconds(2))) {
                AtomicReference<Double> recovered = new AtomicReference<>(Double.NaN);
                Load load = figures.measure(server, () -> {
                    LoadGenerator.Recovery recovery = generator.openAndRecover(name, rate, duration, usualMillis);
                    recovered.set(recovery.seconds());
                    return recovery.load();
                });
                // A machine that others use too changes its speed in the meantime: before and after count the same.
                double peak = (before + generator.capacity(forPeak)) / 2;
                report(report, load, figures, peak, recovered.get());
                memory.report(report, 1.05);
            }
        }
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
        report.add(Report.Verdict.atLeast(
                "goodput, of the peak before and after", 0.90, figures.imagesPerSecond() / peak));
        report.add(Report.Verdict.atMost(
                "p99 of the accepted, ms", DEADLINE_MILLIS, figures.accepted().millis(99)));
        report.add(Report.Verdict.atMost("answers of 5xx but 503 and 504, or none", 0, load.count(Load.Sample::fault)));
        Latencies refused = figures.refused();
        report.add(
                refused.count() == 0
                        ? Report.Verdict.that("there were refusals", false, "none")
                        : Report.Verdict.atMost("p99 of refusals, ms", 50, refused.millis(99)));
        report.add(Report.Verdict.atMost("seconds until a request waits as usual again", 5, recovered));
    }
}
