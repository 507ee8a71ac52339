package io.captioner.bench;

import io.captioner.archive.KilledArchive;
import io.captioner.jobs.JsonLines;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * The archive: searches among many entries, what keeping answers costs a request, and kills of a process that writes.
 * Services with and without an archive are measured in turns.
 */
final class Archive implements Bench.Scenario {
    private static final int ENTRIES = 100_000;
    private static final int SEARCHES = 2_000;
    private static final int WARM_UP_SEARCHES = 300;
    private static final int KILLS = 20;
    private static final int ROUNDS = 5;
    private static final List<Integer> CLIENTS = List.of(1, 16);
    private static final double MOST_SEARCH_MILLIS = 50;
    private static final double LEAST_OF_THROUGHPUT = 0.98;
    private static final double MOST_OF_LATENCY = 1.02;

    /** Of a thumbnail of 192 pixels. */
    private static final int THUMBNAIL_BYTES = 6_000;

    /** Bytes of a comment that makes each photo another file. */
    private static final int COMMENT_BYTES = 8;

    private static final List<String> SUBJECTS = List.of(
            "dog", "man", "woman", "child", "girl", "boy", "cat", "horse", "bird", "cyclist", "climber", "swimmer",
            "player", "surfer", "skier", "couple", "crowd", "car", "train", "boat");
    private static final List<String> ADJECTIVES = List.of(
            "young", "old", "small", "large", "brown", "black", "white", "red", "blue", "green", "yellow", "wet",
            "happy", "tired", "bearded");
    private static final List<String> ACTIONS = List.of(
            "runs", "jumps", "sits", "stands", "plays", "swims", "climbs", "rides", "sleeps", "walks", "smiles",
            "waits", "falls", "dances", "looks");
    private static final List<String> PLACES = List.of(
            "beach",
            "street",
            "field",
            "park",
            "river",
            "mountain",
            "kitchen",
            "pool",
            "forest",
            "snow",
            "grass",
            "bridge",
            "stage",
            "market",
            "rock",
            "lake",
            "roof",
            "garden",
            "tunnel",
            "desert");

    @Override
    public void run(Options options, Report report) throws Exception {
        Path directory = options.target().resolve("archive-data").toAbsolutePath();
        FileSystemUtils.deleteRecursively(directory);
        int entries = options.requests(ENTRIES);
        report.progress("writing a log of %d entries".formatted(entries));
        fill(Files.createDirectories(directory.resolve("filled")), entries, options.seed());
        List<byte[]> photos = new NumberedPhotos(Photos.of(options));
        try (ServerProcess without = ServerProcess.startNamed(options, "archive-off");
                ServerProcess with = ServerProcess.startNamed(
                        options,
                        "archive-on",
                        "--captioner.archive.enabled=true",
                        "--captioner.archive.directory=" + directory.resolve("filled"))) {
            search(with, entries, options.seed(), report);
            post(without, with, photos, options, report);
        }
        report.progress("killing a process that writes");
        KilledArchive.Outcome outcome =
                new KilledArchive(directory.resolve("killed"), options.seed(), report::progress).run(KILLS);
        report.add(Report.Verdict.that(
                "after %d SIGKILLs all %d acknowledged entries are found".formatted(KILLS, outcome.acknowledged()),
                outcome.lost().isEmpty() && outcome.acknowledged() > 0,
                outcome.lost().size() + " lost"));
    }

    /** Writes the log that the service brings into its index when it starts. */
    private static void fill(Path directory, int entries, long seed) throws IOException {
        JsonMapper json = JsonMapper.shared();
        Random random = new Random(seed);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(directory.resolve("changes-000001.jsonl")))) {
            for (int i = 0; i < entries; i++) {
                byte[] thumbnail = new byte[THUMBNAIL_BYTES];
                random.nextBytes(thumbnail);
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("id", "%032x".formatted(i));
                entry.put("sha256", "%064x".formatted(i));
                entry.put(
                        "time",
                        now.minus(Duration.ofSeconds(30L * (entries - i))).toString());
                entry.put("filename", "photo-%d.jpg".formatted(i));
                entry.put("width", 640);
                entry.put("height", 480);
                entry.put("text", caption(random));
                entry.put("confidence", random.nextDouble());
                entry.put("logProbability", -10 * random.nextDouble());
                entry.put("model", "bench/1");
                entry.put("bundleSha256", "0".repeat(64));
                out.write(JsonLines.line(json, Map.of("keep", entry, "thumbnail", thumbnail)));
            }
        }
    }

    private static String caption(Random random) {
        return "a %s %s %s %s on the %s near a %s"
                .formatted(
                        any(ADJECTIVES, random),
                        any(ADJECTIVES, random),
                        any(SUBJECTS, random),
                        any(ACTIONS, random),
                        any(PLACES, random),
                        any(PLACES, random));
    }

    private static String any(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    private static void search(ServerProcess server, int entries, long seed, Report report) throws IOException {
        Table table = new Table(
                "Searches in %d entries, one client".formatted(entries), "what", "p50 ms", "p95 ms", "p99 ms");
        Latencies all = new Latencies();
        Random random = new Random(seed);
        Map<String, Latencies> kinds = new LinkedHashMap<>();
        report.progress("searching");
        try (Connection connection = new Connection(server.port(), Duration.ofSeconds(30))) {
            for (int i = -WARM_UP_SEARCHES; i < SEARCHES; i++) {
                String kind = List.of("one word", "two words", "a whole caption", "newest, a later page", "by time")
                        .get(Math.floorMod(i, 5));
                long start = System.nanoTime();
                Connection.Response response = connection.exchange(Requests.get(query(kind, random)));
                long took = System.nanoTime() - start;
                if (response.status() != Connection.OK) {
                    throw new IOException("a search was answered with " + response.status());
                }
                if (i >= 0) {
                    all.add(took);
                    kinds.computeIfAbsent(kind, name -> new Latencies()).add(took);
                }
            }
        }
        kinds.forEach((kind, took) -> table.row(kind, took.millis(50), took.millis(95), took.millis(99)));
        table.row("all", all.millis(50), all.millis(95), all.millis(99));
        report.add(table);
        report.add(Report.Verdict.atMost(
                "p95 of a search in %d entries, ms".formatted(entries), MOST_SEARCH_MILLIS, all.millis(95)));
    }

    private static String query(String kind, Random random) {
        return "/captions?size=24&"
                + switch (kind) {
                    case "one word" -> "query=" + any(SUBJECTS, random);
                    case "two words" -> "query=" + any(SUBJECTS, random) + "+" + any(PLACES, random);
                    case "a whole caption" -> "query=" + URLEncoder.encode(caption(random), StandardCharsets.UTF_8);
                    case "newest, a later page" -> "sort=newest&page=" + random.nextInt(40);
                    default ->
                        "query=%s&sort=confidence&from=%s"
                                .formatted(
                                        any(PLACES, random),
                                        Instant.now().minus(Duration.ofDays(random.nextInt(1, 30))));
                };
    }

    private static void post(
            ServerProcess without, ServerProcess with, List<byte[]> photos, Options options, Report report)
            throws Exception {
        Duration length = options.seconds(10);
        LoadGenerator generator = new LoadGenerator(without, photos, options, report);
        LoadGenerator archiving = generator.with(with, photos);
        report.progress("warming up");
        generator.warmUp(without, length, duration -> generator.closed(null, 16, duration));
        archiving.warmUp(with, length, duration -> archiving.closed(null, 16, duration));
        Table table = ServedFigures.table("POST /captions, closed loop");
        for (int clients : CLIENTS) {
            ServedFigures off = new ServedFigures();
            ServedFigures on = new ServedFigures();
            for (int round = 1; round <= ROUNDS; round++) {
                report.progress("%d clients, round %d of %d".formatted(clients, round, ROUNDS));
                String name = "%d clients, round %d, ".formatted(clients, round);
                off.measure(without, () -> generator.closed(name + "off", clients, length));
                on.measure(with, () -> archiving.closed(name + "on", clients, length));
            }
            off.addTo(table, clients + " clients, no archive");
            on.addTo(table, clients + " clients, archive");
            report.add(
                    clients == 1
                            ? Report.Verdict.atMost(
                                    "p50 of one client with an archive, of that without",
                                    MOST_OF_LATENCY,
                                    on.accepted().millis(50) / off.accepted().millis(50))
                            : Report.Verdict.atLeast(
                                    "images/s of %d clients with an archive, of those without".formatted(clients),
                                    LEAST_OF_THROUGHPUT,
                                    on.imagesPerSecond() / off.imagesPerSecond()));
        }
        report.add(table);
        double missed = with.meters().sum("captioner_archive_missed_answers_total");
        report.add(Report.Verdict.atMost("answers that were not archived", 0, missed));
    }

    /** JPEGs without end, each another file: a photo that is there already would not be written. */
    private static final class NumberedPhotos extends AbstractList<byte[]> {
        private final List<byte[]> photos;

        NumberedPhotos(List<byte[]> photos) {
            this.photos = photos;
        }

        @Override
        public byte[] get(int index) {
            byte[] photo = photos.get(index % photos.size());
            byte[] numbered = new byte[photo.length + COMMENT_BYTES];
            System.arraycopy(photo, 0, numbered, 0, 2);
            byte[] comment = {
                (byte) 0xff,
                (byte) 0xfe,
                0,
                6,
                (byte) (index >> 24),
                (byte) (index >> 16),
                (byte) (index >> 8),
                (byte) index
            };
            System.arraycopy(comment, 0, numbered, 2, COMMENT_BYTES);
            System.arraycopy(photo, 2, numbered, 2 + COMMENT_BYTES, photo.length - 2);
            return numbered;
        }

        @Override
        public int size() {
            return Integer.MAX_VALUE;
        }
    }
}
