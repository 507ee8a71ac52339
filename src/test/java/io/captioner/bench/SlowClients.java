package io.captioner.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/**
 * Connections that send a byte a second and never come to an end, half of them in the headers and half in a multipart
 * body. One thread feeds them all.
 */
final class SlowClients implements AutoCloseable {
    private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();
    private static final byte[] HEAD = Requests.ascii(
            "POST /captions HTTP/1.1\r\nHost: localhost\r\n" + Requests.KEY_HEADER + "X-Slow: " + "x".repeat(4_000));
    private static final byte[] BODY = Requests.join(
            Requests.captionsHead("multipart/form-data; boundary=slow", 10_000),
            HostileRequests.part("image", "slow.jpg", new byte[9_000]));
    private static final int BODY_STARTS = Requests.captionsHead("multipart/form-data; boundary=slow", 10_000).length;

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

        /** Sends the next byte; false if the server has had enough of it. */
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

    /** From now on a connection that is cut stays away. */
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
