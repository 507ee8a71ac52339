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
 * Captioner and the peer of {@code src/bench/peers} over the same bundle, in turns: each is started, answers its first
 * photo, is loaded until it is warm, and is measured with 1, 4, 16 and 64 clients and with large photos.
 */
final class Peer implements Bench.Scenario {
    private static final int ROUNDS = 3;
    private static final List<Integer> CLIENTS = List.of(1, 4, 16, 64);
    private static final int LARGE_CLIENTS = 4;
    private static final int LARGE_PHOTOS = 12;
    private static final int COMPARED = 20;
    private static final int WARM_UP_CLIENTS = 16;
    private static final String LARGE = LARGE_CLIENTS + " clients, 12 megapixels";
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
        Side peer = new Side("peer");
        LoadGenerator generator = new LoadGenerator(List.of(), photos, options.reports(), report);
        for (int round = 1; round <= rounds; round++) {
            // In turns, and each of them first as often as the other, but for one.
            for (Side side : round % 2 == 1 ? List.of(captioner, peer) : List.of(peer, captioner)) {
                report.progress("round %d of %d: %s".formatted(round, rounds, side.name));
                try (ServerProcess server =
                        side == peer ? ServerProcess.startPeer(options, bundle) : ServerProcess.start(options)) {
                    measure(side, round, server, generator, photos, large, length);
                }
            }
        }
        report(report, captioner, peer);
    }

    private static void measure(
            Side side,
            int round,
            ServerProcess server,
            LoadGenerator generator,
            List<byte[]> photos,
            List<byte[]> large,
            Duration length)
            throws Exception {
        server.captionFirst(photos.get(0));
        side.ready.add(server.readyAfter());
        side.firstCaption.add(server.firstCaptionAfter());
        LoadGenerator small = generator.with(server, photos);
        small.closed(null, WARM_UP_CLIENTS, length.multipliedBy(2));
        for (int clients : CLIENTS) {
            String load = clients + " clients";
            side.load(load).measure(server, () -> small.closed(name(side, load, round), clients, length));
        }
        LoadGenerator twelve = generator.with(server, large);
        twelve.closed(null, LARGE_CLIENTS, length.dividedBy(2));
        side.load(LARGE).measure(server, () -> twelve.closed(name(side, LARGE, round), LARGE_CLIENTS, length));
        if (side.captions.isEmpty()) {
            side.captions.addAll(captions(server, photos));
        }
    }

    private static String name(Side side, String load, int round) {
        return "%s, %s, round %d".formatted(side.name, load, round);
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
