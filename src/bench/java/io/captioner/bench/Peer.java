package io.captioner.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Captioner and the peer of {@code src/bench/peers} over the same bundle: each is started, answers its first photo and
 * is loaded until it is warm; then they take turns of a few seconds at 1, 4, 16 and 64 clients and at large photos, for
 * a machine may change its speed from one minute to the next.
 */
final class Peer implements Bench.Scenario {
    private static final int ROUNDS = 3;
    private static final List<Integer> CLIENTS = List.of(1, 4, 16, 64);
    private static final int LARGE_CLIENTS = 4;
    private static final int LARGE_PHOTOS = 12;
    private static final int COMPARED = 20;
    private static final int WARM_UP_CLIENTS = 16;
    private static final String LARGE = LARGE_CLIENTS + " clients, 12 megapixels";
    private static final String PEER = "peer";
    private static final double LEAST_OF_PEER = 1.0;
    private static final double LEAST_OF_PEER_LARGE = 0.9;

    /** What was measured of one of the two. */
    private static final class Side {
        final String name;
        final Map<String, ServedFigures> loads = new LinkedHashMap<>();
        final List<Double> ready = new ArrayList<>();
        final List<Double> firstCaption = new ArrayList<>();
        final List<String> captions = new ArrayList<>();

        Side(String name) {
            this.name = name;
            CLIENTS.forEach(clients -> loads.put(clients + " clients", new ServedFigures()));
            loads.put(LARGE, new ServedFigures());
        }

        ServedFigures load(String load) {
            return Objects.requireNonNull(loads.get(load));
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
        }
    }

    @Override
    public void run(Options options, Report report) throws Exception {
        Duration length = options.seconds(10);
        int rounds = options.requests(ROUNDS);
        List<byte[]> photos = Photos.of(options);
        List<byte[]> large = Photos.large(photos, LARGE_PHOTOS);
        Path bundle = BareModel.newestBundle(options.models());
        Side captioner = new Side("Captioner");
        Side peer = new Side(PEER);
        LoadGenerator generator = new LoadGenerator(List.of(), photos, options.reports(), report);
        for (int round = 1; round <= rounds; round++) {
            boolean odd = round % 2 == 1;
            Side first = odd ? captioner : peer;
            Side second = odd ? peer : captioner;
            report.progress("round %d of %d, %s first".formatted(round, rounds, first.name));
            try (ServerProcess one = start(first, options, bundle, photos, generator, length);
                    ServerProcess other = start(second, options, bundle, photos, generator, length)) {
                for (String load : first.loads.keySet()) {
                    List<byte[]> sent = load.equals(LARGE) ? large : photos;
                    measure(load, round + "-1", first, one, generator.with(one, sent), length);
                    measure(load, round + "-1", second, other, generator.with(other, sent), length);
                    measure(load, round + "-2", second, other, generator.with(other, sent), length);
                    measure(load, round + "-2", first, one, generator.with(one, sent), length);
                }
                if (round == rounds) {
                    first.captions.addAll(captions(one, photos));
                    second.captions.addAll(captions(other, photos));
                }
            }
        }
        report(report, captioner, peer);
    }

    private static ServerProcess start(
            Side side, Options options, Path bundle, List<byte[]> photos, LoadGenerator generator, Duration length)
            throws Exception {
        ServerProcess server =
                side.name.equals(PEER) ? ServerProcess.startPeer(options, bundle) : ServerProcess.start(options);
        server.captionFirst(photos.get(0));
        side.ready.add(server.readyAfter());
        side.firstCaption.add(server.firstCaptionAfter());
        generator.with(server, photos).closed(null, WARM_UP_CLIENTS, length.multipliedBy(2));
        return server;
    }

    /** Half of the length: the other half follows after the other side's turns. */
    private static void measure(
            String load, String turn, Side side, ServerProcess server, LoadGenerator clients, Duration length)
            throws Exception {
        int count = load.equals(LARGE) ? LARGE_CLIENTS : Integer.parseInt(load.substring(0, load.indexOf(' ')));
        String name = "%s, %s, round %s".formatted(side.name, load, turn);
        side.load(load).measure(server, () -> clients.closed(name, count, length.dividedBy(2)));
    }

    private static List<String> captions(ServerProcess server, List<byte[]> photos) throws IOException {
        List<String> captions = new ArrayList<>();
        for (byte[] photo : photos.subList(0, Math.min(COMPARED, photos.size()))) {
            captions.add(server.exchange(Requests.photo(photo)).caption());
        }
        return captions;
    }

    private static void report(Report report, Side captioner, Side peer) {
        Table table = ServedFigures.table("Captioner and the peer, closed loop");
        for (Side side : List.of(captioner, peer)) {
            side.loads.forEach((load, figures) -> figures.addTo(table, side.name + ", " + load));
        }
        report.add(table);
        Table start = new Table("Start, medians", "what", "ready s", "first caption s");
        for (Side side : List.of(captioner, peer)) {
            start.row(side.name, Side.median(side.ready), Side.median(side.firstCaption));
        }
        report.add(start);
        Table ratios = new Table("Captioner's figures, of the peer's", "load", "images/s", "p50", "CPU s/image");
        captioner.loads.forEach((load, own) -> {
            ServedFigures other = peer.load(load);
            double rate = own.imagesPerSecond() / other.imagesPerSecond();
            ratios.row(
                    load,
                    rate,
                    own.accepted().millis(50) / other.accepted().millis(50),
                    own.serverCpuSecondsEach() / other.serverCpuSecondsEach());
            report.add(Report.Verdict.atLeast(
                    load + ", images/s of the peer's", load.equals(LARGE) ? LEAST_OF_PEER_LARGE : LEAST_OF_PEER, rate));
        });
        ratios.row(
                "first caption after start",
                null,
                Side.median(captioner.firstCaption) / Side.median(peer.firstCaption),
                null);
        report.add(ratios);
        long equal = 0;
        for (int i = 0; i < captioner.captions.size(); i++) {
            equal += captioner.captions.get(i).equals(peer.captions.get(i)) ? 1 : 0;
        }
        report.progress("%d of %d captions are equal".formatted(equal, captioner.captions.size()));
    }
}
