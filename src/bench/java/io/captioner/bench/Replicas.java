package io.captioner.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One process with all processors against two with half of them each, between which connections choose in turns; or,
 * with {@code bench.url}, a service that runs already, such as replicas on a cluster.
 */
final class Replicas implements Bench.Scenario {
    private static final int CLIENTS = 64;
    private static final List<Integer> PERCENT_OF_CAPACITY = List.of(50, 80, 95);

    @Override
    public void run(Options options, Report report) throws Exception {
        List<byte[]> photos = Photos.of(options);
        Table table = ServedFigures.table("Replicas");
        if (!options.urls().isEmpty()) {
            measure(options, report, table, photos, "at " + String.join(", ", options.urls()), options.urls());
            report.add(table);
            return;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        for (int replicas = 1; replicas <= Math.min(2, processors); replicas++) {
            List<ServerProcess> servers = new ArrayList<>();
            try {
                for (int i = 1; i <= replicas; i++) {
                    report.progress("starting replica %d of %d".formatted(i, replicas));
                    servers.add(ServerProcess.startWithin(options, processors / replicas, replicas + "-" + i));
                }
                List<String> urls = servers.stream().map(ServerProcess::url).toList();
                measure(options, report, table, photos, replicas == 1 ? "1 replica" : replicas + " replicas", urls);
            } finally {
                servers.forEach(ServerProcess::close);
            }
        }
        report.add(table);
    }

    private static void measure(
            Options options, Report report, Table table, List<byte[]> photos, String what, List<String> urls)
            throws IOException {
        Duration length = options.seconds(30);
        int clients = CLIENTS * urls.size();
        LoadGenerator generator =
                new LoadGenerator(urls, photos, options.reports().resolve(LoadGenerator.fileName(what)), report);
        report.progress(what + ": warming up");
        generator.closed(null, clients, length);
        ServedFigures.of(generator.closed("1 client", 1, length)).addTo(table, what + ", 1 client");
        String most = clients + " clients";
        Load best = generator.closed(most, clients, length);
        ServedFigures.of(best).addTo(table, what + ", " + most);
        for (int percent : PERCENT_OF_CAPACITY) {
            report.progress("%s at %d %% of capacity".formatted(what, percent));
            String name = percent + " % of capacity";
            ServedFigures.of(generator.open(name, best.goodput() * percent / 100, length))
                    .addTo(table, what + ", " + name);
        }
    }
}
