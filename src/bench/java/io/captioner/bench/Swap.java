package io.captioner.bench;

import io.captioner.model.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A model that is replaced again and again while the service is at work: no request fails. */
final class Swap implements Bench.Scenario {
    private static final int SETTLED = 20;
    private static final double MOST_GROWTH = 1.15;
    private static final Duration RELOAD = Duration.ofMinutes(2);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<Double> resident = new ArrayList<>();
    private int followed;

    @Override
    public void run(Options options, Report report) throws Exception {
        int swaps = options.requests(100);
        List<byte[]> photos = Photos.of(options);
        Path models = options.target().resolve("models");
        FileSystemUtils.deleteRecursively(models);
        Path original = BareModel.newestBundle(options.models());
        Path name = models.resolve(original.getName(original.getNameCount() - 2).toString());
        try {
            publish(original, name, 1);
            try (ServerProcess server = ServerProcess.start(options, MemoryWatch.FIXED_HEAP, models)) {
                LoadGenerator generator = new LoadGenerator(server, photos, options, report);
                double rate = 0.8 * generator.capacity(options.seconds(30));
                report.progress("%d swaps at %s requests/s".formatted(swaps, Table.number(rate)));
                ServedFigures figures = new ServedFigures();
                Load load = swapUnderLoad(options, original, name, server, generator, rate, swaps, figures, report);
                report(report, load, figures, swaps);
            }
        } finally {
            FileSystemUtils.deleteRecursively(models);
        }
    }

    private Load swapUnderLoad(
            Options options,
            Path original,
            Path name,
            ServerProcess server,
            LoadGenerator generator,
            double rate,
            int swaps,
            ServedFigures figures,
            Report report)
            throws Exception {
        AtomicBoolean goesOn = new AtomicBoolean(true);
        ExecutorService swapper = Executors.newSingleThreadExecutor();
        try {
            Future<?> swapping = swapper.submit(() -> {
                try {
                    swap(
                            original,
                            name,
                            server,
                            Requests.photo(Photos.of(options, 1).get(0)),
                            swaps,
                            report);
                } finally {
                    goesOn.set(false);
                }
                return null;
            });
            Load load = figures.measure(server, () -> generator.open(swaps + " swaps", rate, goesOn::get));
            swapping.get();
            return load;
        } finally {
            swapper.shutdownNow();
        }
    }

    private void swap(Path original, Path name, ServerProcess server, byte[] photo, int swaps, Report report)
            throws IOException {
        for (int version = 2; version <= swaps + 1; version++) {
            publish(original, name, version);
            Connection.Response reload = server.manage(Requests.post("/actuator/models"), RELOAD);
            String answering = server.exchange(photo).modelVersion();
            resident.add(server.residentMebibytes());
            if (answering.equals(Integer.toString(version))) {
                followed++;
            } else if (followed == 0) {
                report.progress("POST /actuator/models answered %d, and version %s answers: no more swaps are tried"
                        .formatted(reload.status(), answering));
                return;
            }
            FileSystemUtils.deleteRecursively(name.resolve(Integer.toString(version - 1)));
        }
    }

    private void report(Report report, Load load, ServedFigures figures, int swaps) {
        Table loads = ServedFigures.table("Load during the swaps");
        figures.addTo(loads, "80 % of capacity");
        report.add(loads);
        report.add(Report.Verdict.atLeast("swaps after which the new version answered", swaps, followed));
        report.add(Report.Verdict.atMost(
                "failed requests, without 429", 0, load.count(s -> !s.ok() && s.status() != 429)));
        report.add(Report.Verdict.atMost("refused requests, 429", 0, load.count(s -> s.status() == 429)));
        if (resident.size() > SETTLED) {
            report.add(Report.Verdict.atMost(
                    "RSS after the last swap, over that after %d".formatted(SETTLED),
                    MOST_GROWTH,
                    resident.get(resident.size() - 1) / resident.get(SETTLED - 1)));
        }
    }

    /** Puts a copy of a bundle beside its place under a name that is none of a version, and moves it there whole. */
    private static void publish(Path original, Path name, int version) throws IOException {
        Path copy = name.resolve("." + version);
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        Path manifest = copy.resolve(Bundle.MANIFEST);
        ObjectNode tree = (ObjectNode) JSON.readTree(Files.readAllBytes(manifest));
        tree.put("version", Integer.toString(version));
        Files.write(manifest, JSON.writeValueAsBytes(tree));
        Files.move(copy, name.resolve(Integer.toString(version)));
    }
}
