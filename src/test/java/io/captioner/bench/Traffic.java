package io.captioner.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A source of requests for one server, one photo after the other, over connections that are kept and used again. Safe
 * for use by several threads.
 */
final class Traffic implements Client, AutoCloseable {
    /** Well below the time after which servers close what is idle: a request must not meet that. */
    private static final long IDLE_NANOS = Duration.ofSeconds(5).toNanos();

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(90);

    private final int port;
    private final List<byte[]> requests;
    private final AtomicInteger next = new AtomicInteger();
    private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();

    private record Idle(Connection connection, long since) {}

    /** Traffic of these photos, in turns. */
    Traffic(int port, List<byte[]> photos) {
        this.port = port;
        this.requests = photos.stream().map(Requests::photo).toList();
    }

    /** Sends the next photo and waits for its answer. */
    @Override
    public Sample send(long due) {
        byte[] request = requests.get(Math.floorMod(next.getAndIncrement(), requests.size()));
        int status = Sample.NONE;
        @Nullable Connection connection = null;
        try {
            connection = connection();
            Response response = connection.exchange(request);
            status = response.status();
            if (!response.closes()) {
                idle.push(new Idle(connection, System.nanoTime()));
                connection = null;
            }
        } catch (IOException e) {
            // No answer: the sample says so.
        } finally {
            if (connection != null) {
                connection.close();
            }
        }
        return new Sample(due, System.nanoTime(), status);
    }

    private Connection connection() throws IOException {
        for (Idle kept = idle.poll(); kept != null; kept = idle.poll()) {
            if (System.nanoTime() - kept.since < IDLE_NANOS) {
                return kept.connection;
            }
            kept.connection.close();
        }
        return new Connection(port, READ_TIMEOUT);
    }

    @Override
    public void close() {
        for (Idle kept = idle.poll(); kept != null; kept = idle.poll()) {
            kept.connection.close();
        }
    }
}
