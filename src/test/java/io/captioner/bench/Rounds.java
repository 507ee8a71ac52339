package io.captioner.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What was measured of one thing in each round; its median counts. */
final class Rounds {
    private final List<Measured> measured = new ArrayList<>();

    void add(Measured round) {
        measured.add(round);
    }

    /** Returns the rate of the last round, for people. */
    String last() {
        return measured.isEmpty()
                ? "-"
                : Table.number(measured.get(measured.size() - 1).perSecond());
    }

    /** Returns how much was done in a second; NaN if nothing was measured. */
    double perSecond() {
        return median(Measured::perSecond);
    }

    /** Returns the processor time of each; NaN if nothing was measured. */
    double cpuSecondsEach() {
        return median(Measured::cpuSecondsEach);
    }

    private double median(ToDoubleFunction<Measured> figure) {
        return measured.stream()
                .mapToDouble(figure)
                .sorted()
                .skip(measured.size() / 2)
                .findFirst()
                .orElse(Double.NaN);
    }
}
