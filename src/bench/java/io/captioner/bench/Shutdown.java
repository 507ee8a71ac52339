package io.captioner.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** SIGTERM under load: what was admitted is answered, nothing new is taken, and the program ends. */
final class Shutdown implements Bench.Scenario {
    private static final Duration GRACE_PERIOD = Duration.ofSeconds(30);
    private static final double NANOS = 1e9;

    @Override
    public void run(Options options, Report report) throws Exception {
        int admitted = options.requests(64);
        List<byte[]> photos = Photos.of(options, 2 * admitted);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ServerProcess server = ServerProcess.start(options)) {
            new LoadGenerator(server, photos, options, report).closed(null, 16, Duration.ofSeconds(5));
            List<Connection> kept = keptAlive(server);
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < admitted; i++) {
                byte[] photo = photos.get(i % photos.size());
                answers.add(threads.submit(() -> statusOf(server.port(), photo)));
            }
            double permits = awaitPermits(server, admitted);
            report.progress("SIGTERM with %s images admitted".formatted(Table.number(permits)));
            server.process().destroy();
            long signal = System.nanoTime();
            Late late = sendLate(server, kept, photos.get(0), signal);
            boolean ended = server.process().waitFor(GRACE_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
            double seconds = (System.nanoTime() - signal) / NANOS;
            Map<Integer, Integer> statuses = new TreeMap<>();
            for (Future<Integer> answer : answers) {
                statuses.merge(answer.get(), 1, Integer::sum);
            }
            report(report, statuses, late, admitted, ended, seconds);
        } finally {
            threads.shutdownNow();
        }
    }

    /** What requests after the signal met: by status, {@link Load.Sample#NONE} for a refused connection. */
    private record Late(Map<Integer, Integer> fresh, Map<Integer, Integer> kept, double unreadySeconds) {}

    private static List<Connection> keptAlive(ServerProcess server) throws IOException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Connection connection = new Connection(server.port(), GRACE_PERIOD);
            connection.exchange(Requests.get("/readyz"));
            connections.add(connection);
        }
        return connections;
    }

    private static double awaitPermits(ServerProcess server, int wanted) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        double most = 0;
        double used = server.meters().permitsUsed();
        while (used < wanted && used >= most && System.nanoTime() < end) {
            most = used;
            Thread.sleep(20);
            used = server.meters().permitsUsed();
        }
        return used;
    }

    private static Late sendLate(ServerProcess server, List<Connection> kept, byte[] photo, long signal)
            throws InterruptedException {
        Late late = new Late(new TreeMap<>(), new TreeMap<>(), Double.NaN);
        // Until the program handles the signal it may admit requests, and answers them.
        while (server.isReady() && System.nanoTime() - signal < GRACE_PERIOD.toNanos()) {
            Thread.sleep(5);
        }
        double unready = (System.nanoTime() - signal) / NANOS;
        int turn = 0;
        while (server.isAlive() && System.nanoTime() - signal < GRACE_PERIOD.toNanos()) {
            late.fresh().merge(statusOf(server.port(), photo), 1, Integer::sum);
            if (turn < kept.size()) {
                late.kept().merge(statusOf(kept.get(turn++), photo), 1, Integer::sum);
            }
            Thread.sleep(50);
        }
        return new Late(late.fresh(), late.kept(), unready);
    }

    private static int statusOf(int port, byte[] photo) {
        try (Connection connection = new Connection(port, GRACE_PERIOD)) {
            return connection.exchange(Requests.photo(photo)).status();
        } catch (IOException e) {
            return Load.Sample.NONE;
        }
    }

    private static int statusOf(Connection connection, byte[] photo) {
        try (connection) {
            return connection.exchange(Requests.photo(photo)).status();
        } catch (IOException e) {
            return Load.Sample.NONE;
        }
    }

    private static void report(
            Report report, Map<Integer, Integer> accepted, Late late, int admitted, boolean ended, double seconds) {
        Table table = new Table("Answers around SIGTERM", "requests", "status", "times");
        accepted.forEach((status, times) -> table.row("sent before", name(status), times));
        late.fresh().forEach((status, times) -> table.row("sent after, new connection", name(status), times));
        late.kept().forEach((status, times) -> table.row("sent after, kept-alive connection", name(status), times));
        report.add(table);
        report.add(Report.Verdict.atLeast(
                "admitted requests that were answered", admitted, accepted.getOrDefault(Connection.OK, 0)));
        long others = late.fresh().keySet().stream()
                        .filter(status -> !isNo(status))
                        .count()
                + late.kept().keySet().stream().filter(status -> !isNo(status)).count();
        report.add(Report.Verdict.atMost("other answers to new requests than 503 and closed connections", 0, others));
        report.add(Report.Verdict.atMost("seconds until readiness is off", 1, late.unreadySeconds()));
        report.add(
                Report.Verdict.that("the program ended within 30 s", ended, "%s s".formatted(Table.number(seconds))));
    }

    private static boolean isNo(int status) {
        return status == 503 || status == Load.Sample.NONE;
    }

    private static String name(int status) {
        return status == Load.Sample.NONE ? "no connection" : Integer.toString(status);
    }
}
