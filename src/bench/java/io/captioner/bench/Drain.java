package io.captioner.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two replicas behind a balancer, of which one goes while the load is 80 % of what the other can do alone: no request
 * fails, whether the replica is drained as Kubernetes does it, gets SIGTERM at once, or SIGKILL.
 *
 * <p>The balancer is this class: it chooses replicas in turns, keeps connections alive, and sends a photo to the other
 * replica when a connection breaks or the answer is 503. A drained replica gets no new requests for the seconds of the
 * preStop hook, then SIGTERM: so nothing has to be sent twice.
 */
final class Drain implements Bench.Scenario {
    private static final double SHARE = 0.8;
    private static final Duration PRE_STOP = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(70);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** How a replica goes. */
    private enum Way {
        SCALE_DOWN("scale-down: no new requests, 5 s, SIGTERM"),
        TERMINATE("SIGTERM at once"),
        KILL("SIGKILL");

        private final String title;

        Way(String title) {
            this.title = title;
        }
    }

    /** One photo: the statuses of its tries, the last one its answer. */
    private record Answer(List<Integer> tries) {
        int status() {
            return tries.get(tries.size() - 1);
        }
    }

    @Override
    public void run(Options options, Report report) throws Exception {
        List<byte[]> photos = Photos.of(options);
        Table table = new Table("A replica goes", "way", "photos/s", "requests", "answered", "failed", "sent twice");
        try (ServerProcess stays = start(options, "stays")) {
            double capacity = new LoadGenerator(stays, photos, options, report).capacity(options.seconds(20));
            for (Way way : Way.values()) {
                try (ServerProcess goes = start(options, "goes")) {
                    measure(way, SHARE * capacity, stays, goes, photos, options.seconds(20), report, table);
                }
            }
        } finally {
            threads.shutdownNow();
        }
        report.add(table);
    }

    /** Both replicas have half of the processors, so that the one that goes takes nothing from the other. */
    private static ServerProcess start(Options options, String name) throws IOException, InterruptedException {
        return ServerProcess.startWithin(
                options, Math.max(1, Runtime.getRuntime().availableProcessors() / 2), name);
    }

    private void measure(
            Way way,
            double rate,
            ServerProcess stays,
            ServerProcess goes,
            List<byte[]> photos,
            Duration length,
            Report report,
            Table table)
            throws Exception {
        List<String> replicas = new CopyOnWriteArrayList<>(List.of(goes.url(), stays.url()));
        ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(threads)
                .build();
        AtomicInteger sent = new AtomicInteger();
        long pause = Math.round(1e9 / rate);
        long start = System.nanoTime();
        Thread going = new Thread(() -> go(way, goes, replicas, length.dividedBy(3)), "going");
        going.start();
        while (System.nanoTime() - start < length.toNanos()) {
            int number = sent.getAndIncrement();
            byte[] photo = photos.get(number % photos.size());
            threads.execute(() -> answers.add(send(client, replicas, number, photo)));
            long next = start + pause * (number + 1L);
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
        }
        going.join(END.toMillis());
        long end = System.nanoTime() + ANSWER.toNanos();
        while (answers.size() < sent.get() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        report(way, rate, sent.get(), List.copyOf(answers), goes, report, table);
    }

    private static void go(Way way, ServerProcess goes, List<String> replicas, Duration after) {
        try {
            TimeUnit.NANOSECONDS.sleep(after.toNanos());
            switch (way) {
                case SCALE_DOWN -> {
                    replicas.remove(goes.url());
                    TimeUnit.NANOSECONDS.sleep(PRE_STOP.toNanos());
                    goes.process().destroy();
                }
                case TERMINATE -> goes.process().destroy();
                case KILL -> goes.process().destroyForcibly();
            }
            goes.process().waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Answer send(HttpClient client, List<String> replicas, int number, byte[] photo) {
        List<Integer> tries = new ArrayList<>();
        // A replica that is gone stays in the list, as it does in a balancer that has not noticed yet.
        List<String> known = List.copyOf(replicas);
        for (int i = 0; i < known.size(); i++) {
            int status = statusOf(client, known.get((number + i) % known.size()), photo);
            tries.add(status);
            if (status != Load.Sample.NONE && status != 503) {
                break;
            }
        }
        return new Answer(tries);
    }

    private static int statusOf(HttpClient client, String url, byte[] photo) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/captions"))
                .timeout(ANSWER)
                .header("Content-Type", "image/jpeg")
                .POST(HttpRequest.BodyPublishers.ofByteArray(photo))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return Load.Sample.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Load.Sample.NONE;
        }
    }

    private static void report(
            Way way, double rate, int sent, List<Answer> answers, ServerProcess goes, Report report, Table table) {
        long ok = answers.stream()
                .filter(answer -> answer.status() == Connection.OK)
                .count();
        long repeated =
                answers.stream().filter(answer -> answer.tries().size() > 1).count();
        table.row(way.title, rate, sent, ok, sent - ok, repeated);
        Map<Integer, Integer> others = new TreeMap<>();
        answers.stream()
                .map(Answer::status)
                .filter(status -> status != Connection.OK)
                .forEach(status -> others.merge(status, 1, Integer::sum));
        others.forEach(
                (status, times) -> report.progress("%s: status %d, %d times".formatted(way.title, status, times)));
        report.add(Report.Verdict.atMost(way.title + ": failed requests", 0, sent - ok));
        if (way == Way.SCALE_DOWN) {
            report.add(Report.Verdict.atMost(way.title + ": photos sent twice", 0, repeated));
        }
        report.add(
                Report.Verdict.that(way.title + ": the replica ended", !goes.isAlive(), goes.isAlive() ? "no" : "yes"));
    }
}
