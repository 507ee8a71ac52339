package io.captioner.bench;

import io.captioner.bench.ReplicaSimulation.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Ten times the load from one moment to the next, and what the autoscaler of {@code k8s/} makes of it, in simulation:
 * nothing is started, and the same seed gives the same figures.
 */
final class Autoscaler implements Scenario {
    private static final Path MANIFEST = Path.of("k8s", "components", "horizontal-pod-autoscaler", "autoscaler.yaml");

    /** From the README's figures over HTTP: p50 of one client, and the best throughput. */
    private static final ServiceCurve CURVE = ServiceCurve.through(0.0486, 51.7);

    private static final double BASE = 40;
    private static final double UP_AT = 300;
    private static final double DOWN_AT = 2100;
    private static final double END = 5400;
    private static final double START_SECONDS = 12;
    private static final double NODE_SECONDS = 180;

    @Override
    public void run(Options options, Report report) throws IOException {
        fixed(options, report);
        SimulatedAutoscaler.Settings settings = SimulatedAutoscaler.Settings.read(MANIFEST);
        Map<String, List<Period>> courses = new LinkedHashMap<>();
        courses.put("k8s/", course(settings, 0, options.seed()));
        courses.put("k8s/, on nodes that are started first", course(settings, NODE_SECONDS, options.seed()));
        courses.put("default behaviour", course(settings.withDefaultBehaviour(), 0, options.seed()));
        Table steps = new Table(
                "Ten times the load for half an hour",
                "autoscaler",
                "refused %",
                "none refused after s",
                "most replicas",
                "last 5 min: fewest",
                "most",
                "p99 wait ms",
                "refused",
                "changes in the step",
                "least again after s");
        courses.forEach((name, periods) -> summary(steps, name, periods, settings.least()));
        report.add(steps);
        List<Period> shipped = courses.values().iterator().next();
        report.add(table(shipped));
        report.add(Verdict.atMost(
                "photos refused in the last 10 minutes of the step",
                0,
                sum(shipped, period -> isWithin(period, DOWN_AT - 600, DOWN_AT))));
        Path picture = options.target().resolve("autoscaler.svg");
        Files.createDirectories(options.target());
        Files.writeString(picture, StepChart.draw(courses, Autoscaler::rate));
        report.progress("as a picture: " + picture);
    }

    private static double rate(double second) {
        return second >= UP_AT && second < DOWN_AT ? 10 * BASE : BASE;
    }

    private static List<Period> course(SimulatedAutoscaler.Settings settings, double nodeSeconds, long seed) {
        return new ReplicaSimulation(
                        CURVE, settings.least(), new SimulatedAutoscaler(settings), nodeSeconds, START_SECONDS, seed)
                .run(END, Autoscaler::rate);
    }

    private static void fixed(Options options, Report report) {
        Table table = new Table(
                "So many replicas, each offered a share of its %s images/s"
                        .formatted(Table.number(CURVE.imagesPerSecond())),
                "replicas",
                "share %",
                "images/s",
                "mean wait ms",
                "p50 wait ms",
                "p99 wait ms",
                "refused %");
        for (int replicas : new int[] {1, 2, 4, 8, 16}) {
            for (int percent : new int[] {50, 80, 95}) {
                double rate = CURVE.imagesPerSecond() * replicas * percent / 100;
                List<Period> periods =
                        new ReplicaSimulation(CURVE, replicas, null, 0, 0, options.seed()).run(1800, second -> rate);
                Latencies waits = waits(periods, period -> true);
                table.row(
                        Integer.toString(replicas),
                        percent,
                        waits.count() / 1800.0,
                        waits.meanMillis(),
                        waits.millis(50),
                        waits.millis(99),
                        100 * refusedShare(periods, period -> true));
            }
        }
        report.add(table);
    }

    private static void summary(Table table, String name, List<Period> periods, int least) {
        Predicate<Period> step = period -> isWithin(period, UP_AT, DOWN_AT);
        Predicate<Period> late = period -> isWithin(period, DOWN_AT - 300, DOWN_AT);
        double lastRefusal = periods.stream()
                .filter(step.and(period -> period.refused() > 0))
                .mapToDouble(period -> period.from() + 15 - UP_AT)
                .max()
                .orElse(0);
        double leastAgain = periods.stream()
                .filter(period -> period.from() >= DOWN_AT && period.replicas() <= least)
                .mapToDouble(period -> period.from() + 15 - DOWN_AT)
                .min()
                .orElse(Double.NaN);
        int changes = 0;
        for (int i = 1; i < periods.size(); i++) {
            boolean changed = periods.get(i).replicas() != periods.get(i - 1).replicas();
            changes += changed && step.test(periods.get(i)) ? 1 : 0;
        }
        table.row(
                name,
                100 * refusedShare(periods, step),
                lastRefusal,
                periods.stream().mapToInt(Period::replicas).max().orElse(0),
                periods.stream().filter(late).mapToInt(Period::replicas).min().orElse(0),
                periods.stream().filter(late).mapToInt(Period::replicas).max().orElse(0),
                waits(periods, late).millis(99),
                (long) sum(periods, late),
                changes,
                leastAgain);
    }

    private static Table table(List<Period> periods) {
        Table table = new Table(
                "The course of k8s/",
                "second",
                "photos/s",
                "replicas",
                "ready",
                "p50 wait ms",
                "p99 wait ms",
                "refused %");
        for (Period period : periods) {
            boolean first = isWithin(period, UP_AT - 60, UP_AT + 300);
            if ((first && period.from() % 30 == 0) || period.from() % 240 == 0) {
                table.row(
                        Long.toString(Math.round(period.from())),
                        period.offered() / 15.0,
                        period.replicas(),
                        period.ready(),
                        period.waits().millis(50),
                        period.waits().millis(99),
                        100.0 * period.refused() / period.offered());
            }
        }
        return table;
    }

    private static boolean isWithin(Period period, double from, double to) {
        return period.from() >= from && period.from() < to;
    }

    private static double sum(List<Period> periods, Predicate<Period> which) {
        return periods.stream().filter(which).mapToLong(Period::refused).sum();
    }

    private static double refusedShare(List<Period> periods, Predicate<Period> which) {
        return sum(periods, which)
                / periods.stream().filter(which).mapToLong(Period::offered).sum();
    }

    private static Latencies waits(List<Period> periods, Predicate<Period> which) {
        Latencies all = new Latencies();
        periods.stream().filter(which).forEach(period -> all.addAll(period.waits()));
        return all;
    }
}
