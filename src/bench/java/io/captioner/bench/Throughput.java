package io.captioner.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of the bare model's throughput is left over HTTP, and what a request waits. Bare model and service are
 * measured in turns, several rounds of both, so that a machine that changes its speed does so for both.
 */
final class Throughput implements Bench.Scenario {
    private static final int ROUNDS = 3;
    private static final List<Integer> BATCH_SIZES = List.of(1, 2, 4, 8, 16);
    private static final List<Integer> GPU_BATCH_SIZES = List.of(1, 2, 4, 8, 16, 32, 64, 128);
    private static final Pattern DEVICE = Pattern.compile("\"device\"\\s*:\\s*\"([^\"]*)\"");
    private static final List<Integer> CLIENTS = List.of(1, 4, 16, 64);
    private static final List<Integer> PERCENT_OF_CAPACITY = List.of(50, 80, 100, 500);
    private static final int AT_ONCE = 2;
    private static final int LARGE_CLIENTS = 4;
    private static final int LARGE_PHOTOS = 12;
    private static final double LEAST_OF_BARE = 0.95;
    private static final double MOST_OF_BARE_LATENCY = 1.05;

    private final Map<Integer, Figures> bare = new TreeMap<>();
    private final Map<Integer, Figures> bareAtOnce = new TreeMap<>();
    private final Figures decoding = new Figures();
    private final Figures decodingLarge = new Figures();
    private final Map<Integer, ServedFigures> closed = new TreeMap<>();
    private final ServedFigures large = new ServedFigures();

    @Override
    public void run(Options options, Report report) throws Exception {
        Duration length = options.seconds(10);
        List<byte[]> photos = Photos.of(options);
        List<byte[]> largePhotos = Photos.large(photos, LARGE_PHOTOS);
        CLIENTS.forEach(clients -> closed.put(clients, new ServedFigures()));
        try (BareModel model = new BareModel(BareModel.newestBundle(options.models()), photos);
                ServerProcess server = ServerProcess.start(options)) {
            LoadGenerator generator = new LoadGenerator(server, photos, options, report);
            report.add(devices(model, server));
            List<Integer> sizes = model.device().startsWith("gpu") ? GPU_BATCH_SIZES : BATCH_SIZES;
            for (int size : sizes) {
                bare.put(size, new Figures());
                bareAtOnce.put(size, new Figures());
            }
            report.progress("warming up");
            warmUp(model, server, generator, length);
            for (int round = 1; round <= ROUNDS; round++) {
                report.progress("round %d of %d: bare model, then over HTTP".formatted(round, ROUNDS));
                model.measureDecoding(photos, length.dividedBy(5), decoding);
                model.measureDecoding(largePhotos, length.dividedBy(5), decodingLarge);
                measure(model, server, generator, length, round);
                String name = "%d clients, 12 megapixels, round %d".formatted(LARGE_CLIENTS, round);
                large.measure(server, () -> generator.with(server, largePhotos).closed(name, LARGE_CLIENTS, length));
            }
            reportClosed(report);
            open(report, server, generator, length.multipliedBy(ROUNDS));
        }
    }

    private static Table devices(BareModel model, ServerProcess server) throws IOException {
        Matcher served = DEVICE.matcher(server.exchange(Requests.get("/models")).text());
        Table table = new Table("Devices", "what", "runs on");
        table.row("bare model", model.device());
        table.row("service", served.find() ? served.group(1) : "unknown");
        return table;
    }

    private void warmUp(BareModel model, ServerProcess server, LoadGenerator generator, Duration length)
            throws Exception {
        for (int size : bare.keySet()) {
            model.measure(size, AT_ONCE, length.dividedBy(bare.size()), new Figures());
        }
        generator.warmUp(server, length.multipliedBy(2), duration -> generator.closed(null, 64, duration));
    }

    private void measure(BareModel model, ServerProcess server, LoadGenerator generator, Duration length, int round)
            throws Exception {
        for (Map.Entry<Integer, Figures> entry : bare.entrySet()) {
            model.measure(entry.getKey(), 1, length, entry.getValue());
        }
        for (Map.Entry<Integer, Figures> entry : bareAtOnce.entrySet()) {
            model.measure(entry.getKey(), AT_ONCE, length, entry.getValue());
        }
        for (Map.Entry<Integer, ServedFigures> entry : closed.entrySet()) {
            String name = "%d clients, round %d".formatted(entry.getKey(), round);
            entry.getValue().measure(server, () -> generator.closed(name, entry.getKey(), length));
        }
    }

    private void reportClosed(Report report) {
        Table bareTable = new Table("Bare model", "batch", "images/s", "p50 ms a batch", "CPU s/image");
        bare.forEach((size, figures) -> row(bareTable, size.toString(), figures));
        bareAtOnce.forEach((size, figures) -> row(bareTable, size + ", two at once", figures));
        row(bareTable, "decoding alone", decoding);
        row(bareTable, "decoding 12 megapixels", decodingLarge);
        report.add(bareTable);
        Table closedTable = ServedFigures.table("Over HTTP, closed loop");
        closed.forEach((clients, figures) -> figures.addTo(closedTable, clients + " clients"));
        large.addTo(closedTable, LARGE_CLIENTS + " clients, 12 megapixels");
        report.add(closedTable);

        double ofOne = capacity() / best(bare);
        double ofTwo = capacity() / best(bareAtOnce);
        Table ratios = new Table("Over HTTP, of the bare model's best", "clients", "of one run", "of two at once");
        closed.forEach((clients, figures) -> ratios.row(
                clients.toString(),
                figures.imagesPerSecond() / best(bare),
                figures.imagesPerSecond() / best(bareAtOnce)));
        ratios.row("best", ofOne, ofTwo);
        report.add(ratios);
        report.add(Report.Verdict.atLeast(
                "best throughput over HTTP, of the bare model's best with two runs at once", LEAST_OF_BARE, ofTwo));
        double bareMillis =
                first(bare).latencies().millis(50) + decoding.latencies().millis(50);
        report.add(Report.Verdict.atMost(
                "p50 of one client, of bare batch of 1 + decoding",
                MOST_OF_BARE_LATENCY,
                first(closed).accepted().millis(50) / bareMillis));
    }

    private void open(Report report, ServerProcess server, LoadGenerator generator, Duration length) throws Exception {
        Table table = ServedFigures.table("Over HTTP, open loop (Poisson arrivals)");
        for (int percent : PERCENT_OF_CAPACITY) {
            double rate = capacity() * percent / 100;
            report.progress("open loop at %d %% of capacity, %s requests/s".formatted(percent, Table.number(rate)));
            ServedFigures figures = new ServedFigures();
            String name = percent + " % of capacity";
            figures.measure(server, () -> generator.open(name, rate, length));
            figures.addTo(table, name);
        }
        report.add(table);
    }

    private double capacity() {
        return closed.values().stream()
                .mapToDouble(ServedFigures::imagesPerSecond)
                .max()
                .orElse(Double.NaN);
    }

    private static void row(Table table, String name, Figures figures) {
        table.row(name, figures.perSecond(), figures.latencies().millis(50), figures.cpuSecondsEach());
    }

    private static double best(Map<Integer, Figures> bySize) {
        return bySize.values().stream().mapToDouble(Figures::perSecond).max().orElse(Double.NaN);
    }

    private static <T> T first(Map<Integer, T> byNumber) {
        return byNumber.values().iterator().next();
    }
}
