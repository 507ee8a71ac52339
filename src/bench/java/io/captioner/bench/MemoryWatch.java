package io.captioner.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * Reads the server's memory again and again until it is closed. Meant for servers with {@link #FIXED_HEAP}: their
 * resident memory is flat unless something outside the heap grows, and the lowest heap in use shows what is kept in it.
 */
final class MemoryWatch implements AutoCloseable {
    /** A heap that the system has given out whole at the start, so that its growing is not taken for a leak. */
    static final List<String> FIXED_HEAP = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

    private static final double MEBIBYTE = 1 << 20;

    private final List<Reading> readings = new CopyOnWriteArrayList<>();
    private final Thread thread;

    /** One reading, in MiB. */
    record Reading(double resident, double heap) {}

    MemoryWatch(ServerProcess server, Duration every) {
        thread = new Thread(() -> watch(server, every), "memory-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(ServerProcess server, Duration every) {
        try {
            while (server.isAlive()) {
                try {
                    readings.add(new Reading(
                            server.residentMebibytes(), server.meters().heapBytes() / MEBIBYTE));
                } catch (IOException e) {
                    // One reading less.
                }
                Thread.sleep(every.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reports the first third against the last, and promises that neither resident memory nor kept heap grew. */
    void report(Report report, double mostGrowth) {
        int third = Math.max(1, readings.size() / 3);
        List<Reading> first = readings.subList(0, third);
        List<Reading> last = readings.subList(readings.size() - third, readings.size());
        Table table =
                new Table("Memory of the server", "part of the run", "readings", "RSS MiB, mean", "heap MiB, lowest");
        table.row("first third", first.size(), mean(first, Reading::resident), lowest(first));
        table.row("last third", last.size(), mean(last, Reading::resident), lowest(last));
        report.add(table);
        report.add(Report.Verdict.atMost(
                "RSS, last third over first",
                mostGrowth,
                mean(last, Reading::resident) / mean(first, Reading::resident)));
        report.add(Report.Verdict.atMost(
                "lowest heap in use, MiB more in the last third", 32, lowest(last) - lowest(first)));
    }

    private static double mean(List<Reading> readings, ToDoubleFunction<Reading> what) {
        return readings.stream().mapToDouble(what).average().orElse(Double.NaN);
    }

    private static double lowest(List<Reading> readings) {
        return readings.stream().mapToDouble(Reading::heap).min().orElse(Double.NaN);
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(70).toMillis());
    }
}
