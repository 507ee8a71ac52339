package io.captioner.bench;

import java.util.concurrent.Callable;

/** Sums over all rounds of one load on the server, with what the server's meters said of it. */
final class ServedFigures {
    private final Latencies accepted = new Latencies();
    private final Latencies refused = new Latencies();
    private long ok;
    private long okWithin;
    private double seconds;
    private long tooMany;
    private long unavailable;
    private long expired;
    private long others;
    private double batches;
    private double images;
    private double serverCpuSeconds;
    private double clientCpuSeconds;

    /** The columns of a table of loads. */
    static Table table(String title) {
        return new Table(
                title,
                "load",
                "images/s",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "ok",
                "429",
                "503",
                "504",
                "other",
                "refusal p99 ms",
                "mean batch",
                "server CPU s/image",
                "client CPU s/image");
    }

    /** Returns the figures of a load on a server whose meters and processor time are not read. */
    static ServedFigures of(Load load) {
        ServedFigures figures = new ServedFigures();
        figures.clientCpuSeconds = load.cpuSeconds();
        figures.serverCpuSeconds = Double.NaN;
        figures.add(load);
        return figures;
    }

    /** Runs a load on the server and adds what came of it. */
    Load measure(ServerProcess server, Callable<Load> run) throws Exception {
        ServerProcess.Meters metersBefore = server.meters();
        double serverBefore = server.cpuSeconds();
        Load load = run.call();
        clientCpuSeconds += load.cpuSeconds();
        serverCpuSeconds += server.cpuSeconds() - serverBefore;
        add(load);
        addBatches(metersBefore, server.meters());
        return load;
    }

    private void add(Load load) {
        accepted.addAll(load.latencies(sample -> sample.ok()));
        refused.addAll(load.latencies(sample -> sample.refused()));
        ok += load.count(Load.Sample::ok);
        okWithin += Math.round(load.goodput() * load.seconds());
        seconds += load.seconds();
        tooMany += load.count(sample -> sample.status() == 429);
        unavailable += load.count(sample -> sample.status() == 503);
        expired += load.count(sample -> sample.status() == 504);
        others += load.count(sample -> !sample.ok() && !sample.refused() && sample.status() != 504);
    }

    private void addBatches(ServerProcess.Meters before, ServerProcess.Meters after) {
        batches += after.batchesRun() - before.batchesRun();
        images += after.imagesRun() - before.imagesRun();
    }

    void addTo(Table table, String name) {
        table.row(
                name,
                imagesPerSecond(),
                accepted.millis(50),
                accepted.millis(95),
                accepted.millis(99),
                ok,
                tooMany,
                unavailable,
                expired,
                others,
                refused.millis(99),
                images / batches,
                serverCpuSecondsEach(),
                clientCpuSeconds / ok);
    }

    /** Returns the server's processor time for an image answered well, in seconds. */
    double serverCpuSecondsEach() {
        return serverCpuSeconds / ok;
    }

    /** Returns the requests answered with 200, as a share of all that were sent. */
    double shareAnswered() {
        return (double) ok / (ok + tooMany + unavailable + expired + others);
    }

    /** Returns images answered well a second, while the loads went on. */
    double imagesPerSecond() {
        return okWithin / seconds;
    }

    Latencies accepted() {
        return accepted;
    }

    Latencies refused() {
        return refused;
    }
}
