package io.captioner.bench;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/** Thousands of damaged pictures and requests: the service refuses them, and is as good as before. */
final class Fuzz implements Bench.Scenario {
    private static final int THREADS = 8;
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int TIMED_OUT = -1;
    private static final int NOT_READY = 503;
    private static final int DEADLINE_PASSED = 504;
    private static final int TENTHS = 10;
    private static final double MOST_GROWTH = 32;
    private static final List<String> SAMPLES = List.of(
            "alpha-lossless.webp",
            "alpha-lossy.webp",
            "animated.gif",
            "animated.webp",
            "cmyk.jpg",
            "jpeg.tif",
            "lossy.webp",
            "lossless.webp",
            "lzw.tif",
            "profile.jpg",
            "progressive.jpg",
            "turned.png",
            "turned.tif");

    @Override
    public void run(Options options, Report report) throws Exception {
        int requests = options.requests(10_000);
        byte[] good = Requests.photo(Photos.of(options, 1).get(0));
        HostileRequests hostile = new HostileRequests(new Mutations(originals(options.seed())));
        Map<Integer, LongAdder> statuses = new ConcurrentSkipListMap<>();
        try (ServerProcess server = ServerProcess.start(options, MemoryWatch.FIXED_HEAP, options.models())) {
            String before = server.exchange(good).caption();
            int warmUp = requests / 2; // as long as the compilers of the server are busy
            report.progress("%d hostile requests to warm up".formatted(warmUp));
            send(server, hostile, options.seed(), 0, warmUp, statuses);
            double residentBefore = server.residentMebibytes();
            report.progress("%d hostile requests".formatted(requests));
            Table memory = new Table("Resident memory", "after requests", "MiB");
            memory.row(Integer.toString(warmUp), residentBefore);
            double growth = 0;
            for (int tenth = 1; tenth <= TENTHS; tenth++) {
                int from = warmUp + requests / TENTHS * (tenth - 1);
                int to = tenth == TENTHS ? warmUp + requests : from + requests / TENTHS;
                send(server, hostile, options.seed(), from, to, statuses);
                double resident = server.residentMebibytes();
                memory.row(Integer.toString(to), resident);
                growth = resident - residentBefore;
            }
            report.add(memory);

            Table table = new Table("Answers to %d hostile requests".formatted(warmUp + requests), "answer", "times");
            statuses.forEach((status, times) -> table.row(name(status), times.sum()));
            report.add(table);
            long faults = statuses.entrySet().stream()
                    .filter(entry -> isFault(entry.getKey()))
                    .mapToLong(entry -> entry.getValue().sum())
                    .sum();
            report.add(Report.Verdict.atMost("answers of 5xx but 503 and 504, or none within 30 s", 0, faults));
            report.add(Report.Verdict.that(
                    "the same process is alive", server.isAlive(), server.isAlive() ? "yes" : "no"));
            report.add(Report.Verdict.atMost("growth of RSS after the warm-up, MiB", MOST_GROWTH, growth));
            String after = server.exchange(good).caption();
            report.add(Report.Verdict.that(
                    "a good photo's caption is as before", after.equals(before), "'%s'".formatted(after)));
        }
    }

    private static void send(
            ServerProcess server,
            HostileRequests hostile,
            long seed,
            int from,
            int to,
            Map<Integer, LongAdder> statuses)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = from; i < to; i++) {
                Random random = new Random(seed * 1_000_003 + i);
                all.add(threads.submit(() -> {
                    int status = status(server.port(), hostile.next(random));
                    statuses.computeIfAbsent(status, key -> new LongAdder()).increment();
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static int status(int port, byte[] request) {
        try (Connection connection = new Connection(port, ANSWER)) {
            try {
                connection.send(request);
                if (!connection.awaitAnswer(PATIENCE)) {
                    // The service waits for bytes that the head promised.
                    connection.finishSending();
                }
            } catch (IOException e) {
                // Refused while it was being sent: there may be an answer.
            }
            return connection.receive().status();
        } catch (SocketTimeoutException e) {
            return TIMED_OUT;
        } catch (IOException e) {
            return Load.Sample.NONE;
        }
    }

    private static boolean isFault(int status) {
        return status == TIMED_OUT || status >= 500 && status != NOT_READY && status != DEADLINE_PASSED;
    }

    private static String name(int status) {
        return switch (status) {
            case TIMED_OUT -> "none within 30 s";
            case Load.Sample.NONE -> "connection closed";
            default -> Integer.toString(status);
        };
    }

    private static List<byte[]> originals(long seed) throws IOException {
        List<byte[]> originals = new ArrayList<>();
        for (BufferedImage picture : Photos.draw(seed, 5, 160, 120).toList()) {
            originals.add(Photos.jpeg(picture, 0.8f));
            for (String format : List.of("png", "gif", "bmp", "tiff")) {
                originals.add(Photos.encode(picture, format));
            }
        }
        for (String sample : SAMPLES) {
            try (InputStream stream = Fuzz.class.getResourceAsStream("/io/captioner/image/" + sample)) {
                if (stream == null) {
                    throw new IllegalStateException("bug: there is no test picture " + sample);
                }
                originals.add(stream.readAllBytes());
            }
        }
        return originals;
    }
}
