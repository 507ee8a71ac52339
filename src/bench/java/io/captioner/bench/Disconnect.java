package io.captioner.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A thousand clients that leave while their photos are queued: the device does not work for them. */
final class Disconnect implements Bench.Scenario {
    private static final int ROUNDS = 3;
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final double NANOS = 1e9;

    private double queued;
    private double reached;
    private double slowestRelease;

    @Override
    public void run(Options options, Report report) throws Exception {
        int clients = options.requests(1_000);
        List<byte[]> photos = Photos.of(options, clients);
        try (ServerProcess server = ServerProcess.start(
                options,
                "--captioner.batching.queue-capacity=" + (clients + 100),
                "--captioner.request.timeout=10m",
                "--captioner.request.max-timeout=10m",
                "--server.tomcat.threads.max=" + (clients + 400),
                "--server.tomcat.accept-count=" + clients)) {
            new LoadGenerator(server, photos, options, report).closed(null, 16, Duration.ofSeconds(5));
            Table table = new Table(
                    "Clients that leave",
                    "round",
                    "permits at leaving",
                    "queued at leaving",
                    "run afterwards",
                    "of these queued at leaving",
                    "s until no permit is used");
            for (int round = 1; round <= ROUNDS; round++) {
                report.progress("round %d of %d: %d clients".formatted(round, ROUNDS, clients));
                round(server, photos, clients, round, table);
            }
            report.add(table);
            report.add(
                    Report.Verdict.atLeast("queued photos that never reached the device", 0.99, 1 - reached / queued));
            report.add(Report.Verdict.atMost(
                    "permits used in the end", 0, server.meters().permitsUsed()));
            report.add(Report.Verdict.atMost("seconds until no permit is used", 5, slowestRelease));
            int status = server.exchange(Requests.photo(photos.get(0))).status();
            report.add(Report.Verdict.that(
                    "a good request is answered", status == Connection.OK, Integer.toString(status)));
        }
    }

    private void round(ServerProcess server, List<byte[]> photos, int clients, int round, Table table)
            throws IOException, InterruptedException {
        double ranAtStart = server.meters().imagesRun();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Connection connection = new Connection(server.port(), LONGEST);
            connections.add(connection);
            connection.send(Requests.photo(photos.get(i % photos.size())));
        }
        awaitQueued(server, clients, ranAtStart);
        ServerProcess.Meters before = server.meters();
        connections.forEach(Connection::close);
        long left = System.nanoTime();
        ServerProcess.Meters after = server.meters();
        while (after.permitsUsed() > 0 && System.nanoTime() - left < LONGEST.toNanos()) {
            Thread.sleep(POLL.toMillis());
            after = server.meters();
        }
        double seconds = (System.nanoTime() - left) / NANOS;
        // Those with a permit that are not queued are with the device already.
        double withDevice = before.permitsUsed() - before.queueDepth();
        double ran = after.imagesRun() - before.imagesRun();
        double ranOfQueued = Math.max(0, ran - withDevice);
        queued += before.queueDepth();
        reached += ranOfQueued;
        slowestRelease = Math.max(slowestRelease, seconds);
        table.row(Integer.toString(round), before.permitsUsed(), before.queueDepth(), ran, ranOfQueued, seconds);
    }

    /** Waits until every photo was decoded and has joined the queue, or the device. */
    private static void awaitQueued(ServerProcess server, int clients, double ranAtStart)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        ServerProcess.Meters meters = server.meters();
        while (meters.permitsUsed() + meters.imagesRun() - ranAtStart < clients * 0.98
                || meters.permitsUsed() - meters.queueDepth() > 64) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("only %.0f of %d photos were queued: see the server's log"
                        .formatted(meters.queueDepth(), clients));
            }
            Thread.sleep(POLL.toMillis());
            meters = server.meters();
        }
    }
}
