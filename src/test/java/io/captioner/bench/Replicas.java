package io.captioner.bench;

import io.captioner.bench.ReplicaSimulation.Period;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One process with all processors against two with half of them each, behind a client that draws one at random for each
 * request, as a Service does for each connection; and what the simulation of {@link Autoscaler} says of the same.
 */
final class Replicas implements Scenario {
    private static final int CLIENTS = 64;
    private static final List<Integer> PERCENT_OF_CAPACITY = List.of(50, 80, 95);
    private static final double SIMULATED_SECONDS = 1800;

    @Override
    public void run(Options options, Report report) throws Exception {
        List<byte[]> photos = Photos.of(options);
        int processors = Runtime.getRuntime().availableProcessors();
        Table table = new Table(
                "Replicas on %d processors".formatted(processors),
                "replicas",
                "load",
                "images/s",
                "p50 ms",
                "p99 ms",
                "refused",
                "simulated images/s",
                "simulated p50 ms",
                "simulated p99 ms");
        for (int replicas = 1; replicas <= Math.min(2, processors); replicas++) {
            try (Fleet fleet = Fleet.start(options, report, photos, replicas, processors / replicas)) {
                measure(options, report, table, fleet);
            }
        }
        report.add(table);
    }

    private static void measure(Options options, Report report, Table table, Fleet fleet) throws InterruptedException {
        Duration length = options.seconds(30);
        int replicas = fleet.size();
        report.progress("%d replicas: warming up".formatted(replicas));
        ClosedLoop.run(fleet, CLIENTS * replicas, length);
        Load one = ClosedLoop.run(fleet, 1, length);
        Load best = ClosedLoop.run(fleet, CLIENTS * replicas, length);
        row(table, replicas, "1 client", one, null);
        row(table, replicas, "%d clients".formatted(CLIENTS * replicas), best, null);
        ServiceCurve curve =
                ServiceCurve.through(one.latencies(Sample::ok).millis(50) / 1000, best.goodput() / replicas);
        for (int percent : PERCENT_OF_CAPACITY) {
            double rate = best.goodput() * percent / 100;
            report.progress("%d replicas at %d %% of capacity".formatted(replicas, percent));
            Load load = OpenLoop.run(fleet, rate, length, options.seed());
            List<Period> simulated = new ReplicaSimulation(curve, replicas, null, 0, 0, options.seed())
                    .run(SIMULATED_SECONDS, second -> rate);
            row(table, replicas, percent + " %", load, simulated);
        }
    }

    private static void row(Table table, int replicas, String name, Load load, @Nullable List<Period> simulated) {
        Latencies measured = load.latencies(sample -> sample.ok() && sample.due() >= load.start());
        Latencies answers = new Latencies();
        if (simulated != null) {
            simulated.forEach(period -> answers.addAll(period.answers()));
        }
        table.row(
                Integer.toString(replicas),
                name,
                load.goodput(),
                measured.millis(50),
                measured.millis(99),
                load.count(Sample::refused),
                simulated == null ? null : answers.count() / SIMULATED_SECONDS,
                answers.millis(50),
                answers.millis(99));
    }

    /** Processes of the program, of which each request meets one by chance. */
    private static final class Fleet implements Client, AutoCloseable {
        private final List<ServerProcess> servers = new ArrayList<>();
        private final List<Traffic> traffics = new ArrayList<>();
        private final Random random;

        private Fleet(long seed) {
            this.random = new Random(seed);
        }

        static Fleet start(Options options, Report report, List<byte[]> photos, int replicas, int processors)
                throws IOException, InterruptedException {
            Fleet fleet = new Fleet(options.seed());
            try {
                for (int i = 1; i <= replicas; i++) {
                    report.progress("starting replica %d of %d".formatted(i, replicas));
                    ServerProcess server = ServerProcess.startWithin(options, processors, replicas + "-" + i);
                    fleet.servers.add(server);
                    fleet.traffics.add(new Traffic(server.port(), photos));
                }
                return fleet;
            } catch (RuntimeException | IOException | InterruptedException e) {
                fleet.close();
                throw e;
            }
        }

        int size() {
            return servers.size();
        }

        @Override
        public Sample send(long due) {
            return traffics.get(random.nextInt(traffics.size())).send(due);
        }

        @Override
        public void close() {
            traffics.forEach(Traffic::close);
            servers.forEach(ServerProcess::close);
        }
    }
}
