package io.captioner.bench;

import java.time.Duration;
import java.util.List;

/** Five hundred connections that dribble: good traffic does not feel them, and they are cut in the end. */
final class Loris implements Scenario {
    private static final int ROUNDS = 3;
    private static final Duration CUT_WITHIN = Duration.ofSeconds(60);
    private static final double MOST = 1.20;

    @Override
    public void run(Options options, Report report) throws Exception {
        int connections = options.requests(500);
        Duration length = options.seconds(40);
        List<byte[]> photos = Photos.of(options);
        ServedFigures alone = new ServedFigures();
        ServedFigures among = new ServedFigures();
        int stillOpen = connections;
        int cut = 0;
        try (ServerProcess server = ServerProcess.start(options);
                Traffic traffic = new Traffic(server.port(), photos)) {
            double rate = 0.5 * Capacity.measure(traffic, length, report);
            for (int round = 1; round <= ROUNDS; round++) {
                report.progress(
                        "round %d of %d: without and with %d slow connections".formatted(round, ROUNDS, connections));
                long seed = options.seed() + round;
                alone.measure(server, () -> OpenLoop.run(traffic, rate, length, seed));
                try (SlowClients slow = new SlowClients(server.port(), connections)) {
                    Thread.sleep(1_000); // those who dribble are there first
                    among.measure(server, () -> OpenLoop.run(traffic, rate, length, seed));
                    if (round == ROUNDS) {
                        report.progress("waiting for the slow connections to be cut");
                        stillOpen = waitForCuts(slow);
                    }
                    cut += slow.cut();
                }
            }
        }
        Table table = ServedFigures.table("Good traffic at 50 % of capacity");
        alone.addTo(table, "alone");
        among.addTo(table, "among %d slow connections".formatted(connections));
        report.add(table);
        report.progress("%d slow connections were cut in all".formatted(cut));
        report.add(Verdict.atMost(
                "p99 among slow connections, of p99 alone",
                MOST,
                among.accepted().millis(99) / alone.accepted().millis(99)));
        report.add(Verdict.atLeast(
                "good requests answered, of those without slow connections",
                0.99,
                (double) among.accepted().count() / alone.accepted().count()));
        report.add(Verdict.atMost("slow connections not cut after 60 s", 0, stillOpen));
    }

    private static int waitForCuts(SlowClients slow) throws InterruptedException {
        slow.stopReplacing();
        long end = System.nanoTime() + CUT_WITHIN.toNanos();
        while (slow.open() > 0 && System.nanoTime() < end) {
            Thread.sleep(500);
        }
        return slow.open();
    }
}
