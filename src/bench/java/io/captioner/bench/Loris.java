package io.captioner.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Five hundred connections of a byte a second: good traffic is as fast as without them, and they are cut in the end.
 */
final class Loris implements Bench.Scenario {
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
        try (ServerProcess server = ServerProcess.start(options)) {
            LoadGenerator generator = new LoadGenerator(server, photos, options, report);
            double rate = 0.5 * generator.capacity(length);
            for (int round = 1; round <= ROUNDS; round++) {
                report.progress(
                        "round %d of %d: without and with %d slow connections".formatted(round, ROUNDS, connections));
                String name = "alone, round " + round;
                alone.measure(server, () -> generator.open(name, rate, length));
                try (SlowClients slow = new SlowClients(server.port(), connections)) {
                    Thread.sleep(1_000); // the slow connections are there first
                    String amongSlow = "among slow connections, round " + round;
                    among.measure(server, () -> generator.open(amongSlow, rate, length));
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
        report.add(Report.Verdict.atMost(
                "p99 among slow connections, of p99 alone",
                MOST,
                among.accepted().millis(99) / alone.accepted().millis(99)));
        report.add(Report.Verdict.atLeast(
                "good requests answered among slow connections, of those sent", 0.99, among.shareAnswered()));
        report.add(Report.Verdict.atMost("slow connections not cut after 60 s", 0, stillOpen));
    }

    private static int waitForCuts(SlowClients slow) throws InterruptedException {
        slow.stopReplacing();
        long end = System.nanoTime() + CUT_WITHIN.toNanos();
        while (slow.open() > 0 && System.nanoTime() < end) {
            Thread.sleep(500);
        }
        return slow.open();
    }

    /**
     * Connections that send a byte a second and never come to an end, half of them in the headers and half in a
     * multipart body. One thread feeds them all.
     */
    private static final class SlowClients implements AutoCloseable {
        private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();
        private static final byte[] HEAD = Requests.ascii("POST /captions HTTP/1.1\r\nHost: localhost\r\n"
                + Requests.KEY_HEADER + "X-Slow: " + "x".repeat(4_000));
        private static final byte[] BODY = Requests.join(
                Requests.captionsHead("multipart/form-data; boundary=slow", 10_000),
                HostileRequests.part("image", "slow.jpg", new byte[9_000]));
        private static final int BODY_STARTS =
                Requests.captionsHead("multipart/form-data; boundary=slow", 10_000).length;

        private final SlowClient[] clients;
        private final int port;
        private final Thread thread;
        private volatile boolean replacing = true;
        private volatile int open;
        private volatile int cut;

        private static final class SlowClient {
            private final byte[] bytes;
            private final SocketChannel channel;
            private int sent;

            SlowClient(int port, boolean inBody) throws IOException {
                bytes = inBody ? BODY : HEAD;
                channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                channel.configureBlocking(false);
                if (inBody) {
                    channel.write(ByteBuffer.wrap(bytes, 0, BODY_STARTS));
                    sent = BODY_STARTS;
                }
            }

            /** Sends the next byte; false if the server has cut the connection. */
            boolean feed() {
                try {
                    if (channel.read(ByteBuffer.allocate(512)) != 0) {
                        return false;
                    }
                    sent += channel.write(ByteBuffer.wrap(bytes, sent, Math.min(1, bytes.length - sent)));
                    return true;
                } catch (IOException e) {
                    return false;
                }
            }
        }

        SlowClients(int port, int count) throws IOException {
            this.port = port;
            this.clients = new SlowClient[count];
            for (int i = 0; i < count; i++) {
                clients[i] = new SlowClient(port, i % 2 == 1);
            }
            open = count;
            thread = new Thread(this::feedAll, "slow-clients");
            thread.setDaemon(true);
            thread.start();
        }

        /** Returns the connections that the server has not cut. */
        int open() {
            return open;
        }

        /** Returns the connections that the server has cut. */
        int cut() {
            return cut;
        }

        /** From now on a connection that is cut is not opened again. */
        void stopReplacing() {
            replacing = false;
        }

        private void feedAll() {
            boolean[] gone = new boolean[clients.length];
            try {
                while (!Thread.interrupted()) {
                    long start = System.nanoTime();
                    for (int i = 0; i < clients.length; i++) {
                        if (!gone[i] && !clients[i].feed()) {
                            cut = cut + 1;
                            gone[i] = !replace(i);
                        }
                    }
                    open = clients.length - count(gone);
                    Thread.sleep(Math.max(
                            1,
                            Duration.ofNanos(PERIOD_NANOS - (System.nanoTime() - start))
                                    .toMillis()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Whether there is a new connection in the place of one that was cut. */
        private boolean replace(int index) {
            try {
                clients[index].channel.close();
                if (replacing) {
                    clients[index] = new SlowClient(port, index % 2 == 1);
                }
                return replacing;
            } catch (IOException e) {
                return false;
            }
        }

        private static int count(boolean[] values) {
            int count = 0;
            for (boolean value : values) {
                count += value ? 1 : 0;
            }
            return count;
        }

        @Override
        public void close() throws InterruptedException, IOException {
            thread.interrupt();
            thread.join();
            for (SlowClient client : Arrays.asList(clients)) {
                client.channel.close();
            }
        }
    }
}
