package io.captioner.bench;

import java.time.Duration;

/** The images a second that a server answers when it always has enough to do. */
final class Capacity {
    private static final int[] CLIENTS = {16, 64};

    private Capacity() {}

    /** Warms the server up, then measures it for about so long; the best of a few loads. */
    static double measure(Traffic traffic, Duration duration, Report report) throws InterruptedException {
        report.progress("measuring the capacity");
        ClosedLoop.run(traffic, CLIENTS[0], duration.dividedBy(2));
        double best = 0;
        for (int clients : CLIENTS) {
            best = Math.max(
                    best,
                    ClosedLoop.run(traffic, clients, duration.dividedBy(CLIENTS.length))
                            .goodput());
        }
        report.progress("capacity: %s images/s".formatted(Table.number(best)));
        return best;
    }
}
