package io.captioner.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Captioner, laid out as in the image, and the peer of {@code src/bench/peers} over the same bundle: each is started,
 * answers its first photo and is loaded until it is warm; then they take turns of a few seconds at 1, 4, 16 and 64
 * clients and at large photos, for a machine may change its speed from one minute to the next. Captioner's jar is
 * started as well, with and without the cache beside it.
 */
final class Peer implements Bench.Scenario {
    private static final int ROUNDS = 3;
    private static final Clients LARGE = new Clients(4, true);
    private static final List<Clients> LOADS = List.of(
            new Clients(1, false), new Clients(4, false), new Clients(16, false), new Clients(64, false), LARGE);
    private static final int LARGE_PHOTOS = 12;
    private static final int COMPARED = 20;
    private static final int WARM_UP_CLIENTS = 16;
    private static final double LEAST_OF_PEER = 1.0;
    private static final double LEAST_OF_PEER_LARGE = 0.9;

    /** A load: how many clients, and whether their photos have 12 megapixels. */
    private record Clients(int count, boolean large) {
        @Override
        public String toString() {
            return count + " clients" + (large ? ", 12 megapixels" : "");
        }
    }

    /** Starts a server. */
    @FunctionalInterface
    private interface Starter {
        ServerProcess start() throws IOException, InterruptedException;
    }

    /** One of the two, and what was measured of it. */
    private static final class Side {
        final String name;
        final Starter starter;
        final Map<Clients, ServedFigures> loads = new LinkedHashMap<>();
        final List<Double> ready = new ArrayList<>();
        final List<Double> firstCaption = new ArrayList<>();
        final List<String> captions = new ArrayList<>();

        Side(String name, Starter starter) {
            this.name = name;
            this.starter = starter;
            LOADS.forEach(load -> loads.put(load, new ServedFigures()));
        }

        ServedFigures load(Clients load) {
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
        report.progress("laying Captioner out");
        Options.LaidOut laidOut = options.layOut();
        List<String> alone = options.javaAlone();
        Side captioner = new Side("Captioner", () -> ServerProcess.startBy(options, laidOut.program()));
        List<Side> jars = List.of(
                new Side("Captioner, java -jar", () -> ServerProcess.startBy(options, laidOut.jar())),
                new Side("Captioner, java -jar without a cache", () -> ServerProcess.startBy(options, alone)));
        Side peer = new Side("peer", () -> ServerProcess.startPeer(options, bundle));
        LoadGenerator generator = new LoadGenerator(List.of(), photos, options.reports(), report);
        for (int round = 1; round <= rounds; round++) {
            boolean odd = round % 2 == 1;
            Side first = odd ? captioner : peer;
            Side second = odd ? peer : captioner;
            report.progress("round %d of %d, %s first".formatted(round, rounds, first.name));
            for (Side jar : jars) {
                start(jar).close();
            }
            try (ServerProcess one = start(first);
                    ServerProcess other = start(second)) {
                for (ServerProcess server : List.of(one, other)) {
                    generator.with(server, photos).closed(null, WARM_UP_CLIENTS, length.multipliedBy(2));
                    generator.with(server, large).closed(null, LARGE.count(), length.dividedBy(2));
                }
                for (Clients load : LOADS) {
                    LoadGenerator ofOne = generator.with(one, load.large() ? large : photos);
                    LoadGenerator ofOther = generator.with(other, load.large() ? large : photos);
                    measure(load, round + "-1", first, one, ofOne, length);
                    measure(load, round + "-1", second, other, ofOther, length);
                    measure(load, round + "-2", second, other, ofOther, length);
                    measure(load, round + "-2", first, one, ofOne, length);
                }
                if (round == rounds) {
                    first.captions.addAll(captions(one, photos));
                    second.captions.addAll(captions(other, photos));
                }
            }
        }
        report(report, captioner, jars, peer);
    }

    private static ServerProcess start(Side side) throws IOException, InterruptedException {
        ServerProcess server = side.starter.start();
        side.ready.add(server.readyAfter());
        side.firstCaption.add(server.firstCaptionAfter());
        return server;
    }

    /** Half of the length: the other half follows after the other side's turns. */
    private static void measure(
            Clients load, String turn, Side side, ServerProcess server, LoadGenerator generator, Duration length)
            throws Exception {
        String name = "%s, %s, round %s".formatted(side.name, load, turn);
        side.load(load).measure(server, () -> generator.closed(name, load.count(), length.dividedBy(2)));
    }

    private static List<String> captions(ServerProcess server, List<byte[]> photos) throws IOException {
        List<String> captions = new ArrayList<>();
        for (byte[] photo : photos.subList(0, Math.min(COMPARED, photos.size()))) {
            captions.add(server.exchange(Requests.photo(photo)).caption());
        }
        return captions;
    }

    private static void report(Report report, Side captioner, List<Side> jars, Side peer) {
        Table table = ServedFigures.table("Captioner and the peer, closed loop");
        for (Side side : List.of(captioner, peer)) {
            side.loads.forEach((load, figures) -> figures.addTo(table, side.name + ", " + load));
        }
        report.add(table);
        Table start = new Table("Start, medians", "what", "ready s", "first caption s");
        for (Side side : Stream.of(List.of(captioner), jars, List.of(peer))
                .flatMap(List::stream)
                .toList()) {
            start.row(side.name, Side.median(side.ready), Side.median(side.firstCaption));
        }
        report.add(start);
        Table ratios = new Table("Captioner's figures, of the peer's", "load", "images/s", "p50", "CPU s/image");
        captioner.loads.forEach((load, own) -> {
            ServedFigures other = peer.load(load);
            double rate = own.imagesPerSecond() / other.imagesPerSecond();
            ratios.row(
                    load.toString(),
                    rate,
                    own.accepted().millis(50) / other.accepted().millis(50),
                    own.serverCpuSecondsEach() / other.serverCpuSecondsEach());
            report.add(Report.Verdict.atLeast(
                    load + ", images/s of the peer's", load.large() ? LEAST_OF_PEER_LARGE : LEAST_OF_PEER, rate));
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
