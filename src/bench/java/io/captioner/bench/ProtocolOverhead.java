package io.captioner.bench;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the protocols of other programs cost over {@code POST /captions}: closed loops of the same photos by each, in
 * turns of a second, so that a machine that changes its speed does so for all. What base64 and JSON themselves take is
 * measured in this process and deducted, as their clients chose them.
 */
final class ProtocolOverhead implements Bench.Scenario {
    private static final String OURS = "captions";
    private static final String ENABLED = "--captioner.compat.enabled=ollama,openai,azure,oip,photoprism,seer,mcp";
    private static final int ROUNDS = 3;
    private static final int CLIENTS = 4;
    private static final int PHOTOS = 100;
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final int TURNS = 12;
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final double LEAST = 0.97;

    /** The bodies of requests with base64, in which {@code %s} stands for the photo. */
    private static final Map<String, String> BASE64 = Map.of(
            "ollama", "{\"model\":\"captioner\",\"stream\":false,\"prompt\":\"Describe.\",\"images\":[\"%s\"]}",
            "openai",
                    "{\"model\":\"captioner\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                            + "\"image_url\":{\"url\":\"data:image/jpeg;base64,%s\"}}]}]}",
            "photoprism", "{\"id\":\"1\",\"model\":\"captioner\",\"images\":[\"data:image/jpeg;base64,%s\"]}",
            "seer", "{\"image_b64\":\"%s\",\"task\":\"caption\"}",
            "mcp",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"caption_image\","
                            + "\"arguments\":{\"image\":\"%s\",\"overlay\":false}}}");

    private static final Map<String, String> PATHS = Map.of(
            "ollama", "/api/generate",
            "openai", "/v1/chat/completions",
            "photoprism", "/api/v1/vision/caption",
            "seer", "/describe",
            "mcp", "/mcp");

    private final AtomicInteger next = new AtomicInteger();
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();

    /** Whole requests of one protocol, and what was measured of them. */
    private static final class Way {
        private final List<byte[]> requests;
        private final List<Double> rates = new ArrayList<>();
        private final List<Double> cpuSeconds = new ArrayList<>();
        private double codecSeconds;

        Way(List<byte[]> photos, Function<byte[], byte[]> request) {
            this.requests = photos.stream().map(request).toList();
        }
    }

    @Override
    public void run(Options options, Report report) throws Exception {
        int turns = Math.toIntExact(Math.max(1, options.seconds(TURNS).toSeconds()));
        int rounds = options.requests(ROUNDS);
        List<byte[]> photos = Photos.of(options, PHOTOS);
        Map<String, Way> ways = ways(photos);
        try (ServerProcess server = ServerProcess.start(options, ENABLED)) {
            report.progress("warming up");
            for (int turn = 0; turn < 2; turn++) {
                for (Way way : ways.values()) {
                    measure(server, way);
                }
            }
            for (int round = 1; round <= rounds; round++) {
                report.progress("round %d of %d".formatted(round, rounds));
                round(server, ways, turns);
            }
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
        report(ways, report);
    }

    private static Map<String, Way> ways(List<byte[]> photos) {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put(OURS, new Way(photos, photo -> post("/captions?attention=summary", "image/jpeg", "", photo)));
        ways.put(
                "azure",
                new Way(
                        photos,
                        photo -> post(
                                "/computervision/imageanalysis:analyze?api-version=2023-10-01&features=caption",
                                "application/octet-stream",
                                "",
                                photo)));
        ways.put("oip", new Way(photos, ProtocolOverhead::tensor));
        new TreeMap<>(PATHS).forEach((name, path) -> {
            Way way = new Way(photos, photo -> post(path, "application/json", "", body(name, photo)));
            way.codecSeconds =
                    codecSeconds(photos.stream().map(photo -> body(name, photo)).toList(), photos);
            ways.put(name, way);
        });
        return ways;
    }

    private static byte[] body(String name, byte[] photo) {
        return Requests.ascii(String.valueOf(BASE64.get(name))
                .replace("%s", Base64.getEncoder().encodeToString(photo)));
    }

    private static byte[] tensor(byte[] photo) {
        byte[] length = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(photo.length)
                .array();
        byte[] json = Requests.ascii(
                "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[1],\"parameters\":{\"binary_data_size\":%d}}]}"
                        .formatted(length.length + photo.length));
        return post(
                "/v2/models/captioner/infer",
                "application/octet-stream",
                "Inference-Header-Content-Length: %d\r\n".formatted(json.length),
                Requests.join(json, length, photo));
    }

    private static byte[] post(String path, String type, String header, byte[] body) {
        return Requests.join(
                Requests.ascii(
                        "POST %s HTTP/1.1\r\nHost: localhost\r\n%s%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                                .formatted(path, Requests.KEY_HEADER, header, type, body.length)),
                body);
    }

    /** Returns the seconds that the parser of JSON and the decoder of base64 take for a photo, when compiled. */
    private static double codecSeconds(List<byte[]> bodies, List<byte[]> photos) {
        List<String> texts =
                photos.stream().map(Base64.getEncoder()::encodeToString).toList();
        JsonMapper json = JsonMapper.shared();
        double best = Double.POSITIVE_INFINITY;
        for (int pass = 0; pass < 20; pass++) {
            long start = System.nanoTime();
            for (int i = 0; i < bodies.size(); i++) {
                int size = json.readTree(bodies.get(i)).size()
                        + Base64.getDecoder().decode(texts.get(i)).length;
                if (size == 0) {
                    throw new IllegalStateException("bug: a photo without bytes");
                }
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e9 / bodies.size());
        }
        return best;
    }

    private void round(ServerProcess server, Map<String, Way> ways, int turns) {
        Map<Way, double[]> sums = new LinkedHashMap<>();
        for (int turn = 0; turn < turns; turn++) {
            for (Way way : ways.values()) {
                double[] measured = measure(server, way);
                double[] sum = sums.computeIfAbsent(way, none -> new double[measured.length]);
                for (int i = 0; i < measured.length; i++) {
                    sum[i] += measured[i];
                }
            }
        }
        sums.forEach((way, sum) -> {
            way.rates.add(sum[0] / sum[1]);
            way.cpuSeconds.add(sum[2] / sum[0]);
        });
    }

    /** Returns the answers of one turn, its seconds, and the server's processor seconds. */
    private double[] measure(ServerProcess server, Way way) {
        Figures figures = new Figures();
        double cpu = server.cpuSeconds();
        long start = System.nanoTime();
        figures.measure(TURN, CLIENTS, () -> exchange(server, way));
        double seconds = (System.nanoTime() - start) / 1e9;
        return new double[] {figures.latencies().count(), seconds, server.cpuSeconds() - cpu};
    }

    private double exchange(ServerProcess server, Way way) {
        try {
            Connection idle = connections.poll();
            Connection connection = idle == null ? new Connection(server.port(), WAIT) : idle;
            Connection.Response response =
                    connection.exchange(way.requests.get(Math.floorMod(next.getAndIncrement(), way.requests.size())));
            if (response.status() != Connection.OK) {
                throw new IOException("answered with %d: %s".formatted(response.status(), response.text()));
            }
            connections.add(connection);
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(Map<String, Way> ways, Report report) {
        Way ours = requireNonNull(ways.get(OURS));
        int processors = Runtime.getRuntime().availableProcessors();
        Table table = new Table(
                "The protocols beside POST /captions, medians of the rounds",
                "protocol",
                "images/s",
                "of captions",
                "base64 and JSON ms/image",
                "without them, of captions",
                "CPU s/image");
        ways.forEach((name, way) -> {
            List<Double> ratios = new ArrayList<>();
            List<Double> without = new ArrayList<>();
            for (int round = 0; round < way.rates.size(); round++) {
                double rate = way.rates.get(round);
                ratios.add(rate / ours.rates.get(round));
                without.add(1 / (1 / rate - way.codecSeconds / processors) / ours.rates.get(round));
            }
            table.row(
                    name,
                    median(way.rates),
                    median(ratios),
                    1e3 * way.codecSeconds,
                    median(without),
                    median(way.cpuSeconds));
            if (way != ours) {
                report.add(Report.Verdict.atLeast(
                        "throughput of %s without base64 and JSON, of POST /captions".formatted(name),
                        LEAST,
                        median(without)));
            }
        });
        report.add(table);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).sorted().toArray();
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElse(Double.NaN);
    }
}
