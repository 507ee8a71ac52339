package io.captioner.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From the start of the process to a warm one: ready, the first caption, the first hundred answers and the rest. */
final class Start implements Bench.Scenario {
    private static final List<Integer> CLIENTS = List.of(1, 4, 16, 64);
    private static final int ROUNDS = 3;
    private static final int FIRST = 100;
    private static final int NEXT = 1_000;
    private static final int READY_CLIENTS = 16;
    private static final double LEAST_OF_NEXT = 0.95;

    @Override
    public void run(Options options, Report report) throws Exception {
        Duration length = options.seconds(30);
        int rounds = options.requests(ROUNDS);
        List<byte[]> photos = Photos.of(options);
        Table table = new Table(
                "From start to warm, medians",
                "clients",
                "ready s",
                "first caption s",
                "first 100, images/s",
                "next 1,000",
                "last third",
                "first 100, p50 ms",
                "last third");
        LoadGenerator generator;
        try (ServerProcess server = ServerProcess.start(options)) {
            report.progress("warming up the load generator");
            generator = new LoadGenerator(server, photos, options, report);
            generator.closed(null, CLIENTS.get(CLIENTS.size() - 1), length);
        }
        for (int clients : CLIENTS) {
            List<double[]> measured = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                report.progress("%d clients, round %d of %d".formatted(clients, round, rounds));
                String name = "%d clients, round %d".formatted(clients, round);
                try (ServerProcess server = ServerProcess.start(options)) {
                    measured.add(figures(server, generator.with(server, photos).closed(name, clients, length)));
                }
            }
            double[] medians = medians(measured);
            table.row(clients, medians[0], medians[1], medians[2], medians[3], medians[4], medians[5], medians[6]);
            if (clients == READY_CLIENTS && Double.isFinite(medians[3])) {
                report.add(Report.Verdict.atLeast(
                        "rate of the first 100 answers of 16 clients, of the next 1,000",
                        LEAST_OF_NEXT,
                        medians[2] / medians[3]));
            }
        }
        report.add(table);
    }

    private static double[] figures(ServerProcess server, Load load) {
        Latencies first = new Latencies();
        Latencies last = new Latencies();
        int answers = Math.toIntExact(load.count(Load.Sample::ok)) - 1;
        double firstRate = load.rate(0, FIRST, first);
        double nextRate = load.rate(FIRST, FIRST + NEXT, new Latencies());
        double lastRate = load.rate(answers * 2 / 3, answers, last);
        return new double[] {
            server.readyAfter(),
            server.firstCaptionAfter(),
            firstRate,
            nextRate,
            lastRate,
            first.millis(50),
            last.millis(50)
        };
    }

    private static double[] medians(List<double[]> measured) {
        double[] medians = new double[measured.get(0).length];
        for (int i = 0; i < medians.length; i++) {
            int column = i;
            double[] sorted =
                    measured.stream().mapToDouble(row -> row[column]).sorted().toArray();
            medians[i] =
                    Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElse(Double.NaN);
        }
        return medians;
    }
}
