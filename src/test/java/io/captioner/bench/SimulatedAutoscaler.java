package io.captioner.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The HorizontalPodAutoscaler on one metric of pods, as Kubernetes computes it: {@code calcPlainMetricReplicas} of
 * {@code replica_calculator.go}, and stabilisation and policies as {@code horizontal.go} applies them.
 */
public final class SimulatedAutoscaler {
    private static final double TOLERANCE = 0.1;

    private final Settings settings;
    private final Deque<Event> recommendations = new ArrayDeque<>();
    private final List<Event> changes = new ArrayList<>();

    private record Event(double at, int replicas) {}

    /**
     * A limit on how fast replicas come or go.
     *
     * @param percent of the replicas at the beginning of the period; else it is a number of pods
     */
    record Policy(boolean percent, int value, double periodSeconds) {
        int up(int before) {
            return percent ? (int) Math.ceil(before * (1 + value / 100.0)) : before + value;
        }

        int down(int before) {
            return percent ? (int) Math.floor(before * (1 - value / 100.0)) : before - value;
        }
    }

    /**
     * What a manifest says.
     *
     * @param target of the metric's mean
     * @param downWindow seconds of which the highest recommendation counts before pods go
     */
    record Settings(int least, int most, double target, List<Policy> up, List<Policy> down, double downWindow) {
        /** The behaviour that Kubernetes has by default. */
        Settings withDefaultBehaviour() {
            return new Settings(
                    least,
                    most,
                    target,
                    List.of(new Policy(true, 100, 15), new Policy(false, 4, 15)),
                    List.of(new Policy(true, 100, 15)),
                    300);
        }

        /** Reads a HorizontalPodAutoscaler. */
        static Settings read(Path manifest) throws IOException {
            Object spec = at(
                    new Yaml(new SafeConstructor(new LoaderOptions())).<Object>load(Files.readString(manifest)),
                    "spec");
            String target =
                    at(spec, "metrics", 0, "pods", "target", "averageValue").toString();
            return new Settings(
                    (Integer) at(spec, "minReplicas"),
                    (Integer) at(spec, "maxReplicas"),
                    target.endsWith("m")
                            ? new BigDecimal(target.substring(0, target.length() - 1))
                                    .movePointLeft(3)
                                    .doubleValue()
                            : Double.parseDouble(target),
                    policies(at(spec, "behavior", "scaleUp", "policies")),
                    policies(at(spec, "behavior", "scaleDown", "policies")),
                    (Integer) at(spec, "behavior", "scaleDown", "stabilizationWindowSeconds"));
        }

        private static List<Policy> policies(Object list) {
            return ((List<?>) list)
                    .stream()
                            .map(policy -> new Policy(
                                    at(policy, "type").equals("Percent"), (Integer) at(policy, "value"), (Integer)
                                            at(policy, "periodSeconds")))
                            .toList();
        }

        private static Object at(Object value, Object... keys) {
            Object found = value;
            for (Object key : keys) {
                found = Objects.requireNonNull(
                        found instanceof List<?> list ? list.get((Integer) key) : ((Map<?, ?>) found).get(key),
                        () -> "the manifest has no " + key);
            }
            return found;
        }
    }

    SimulatedAutoscaler(Settings settings) {
        this.settings = settings;
    }

    /**
     * Returns how many replicas there shall be from now on.
     *
     * @param replicas how many there are or come
     * @param metrics of the pods that are not pending; NaN for one that has none
     * @param pending how many pods are pending
     */
    int decide(double now, int replicas, List<Double> metrics, int pending) {
        int wanted = clamp(wanted(replicas, metrics, pending));
        recommendations.add(new Event(now, wanted));
        while (recommendations.element().at() <= now - settings.downWindow()) {
            recommendations.remove();
        }
        int decided = wanted > replicas ? limitedUp(now, replicas, wanted) : limitedDown(now, replicas);
        if (decided != replicas) {
            changes.add(new Event(now, decided - replicas));
        }
        return decided;
    }

    private int limitedUp(double now, int replicas, int wanted) {
        int limit = settings.up().stream()
                .mapToInt(policy -> policy.up(replicas - changed(now, policy, true)))
                .max()
                .orElse(Integer.MAX_VALUE);
        return Math.max(replicas, Math.min(wanted, limit));
    }

    private int limitedDown(double now, int replicas) {
        int stable = recommendations.stream().mapToInt(Event::replicas).max().orElse(replicas);
        int limit = settings.down().stream()
                .mapToInt(policy -> policy.down(replicas - changed(now, policy, false)))
                .min()
                .orElse(0);
        return Math.min(replicas, Math.max(stable, limit));
    }

    /** Returns by how many the replicas grew, or shrank, in the period of a policy. */
    private int changed(double now, Policy policy, boolean up) {
        return changes.stream()
                .filter(change -> change.at() > now - policy.periodSeconds() && (change.replicas() > 0) == up)
                .mapToInt(Event::replicas)
                .sum();
    }

    private int wanted(int replicas, List<Double> metrics, int pending) {
        List<Double> known = metrics.stream().filter(metric -> !metric.isNaN()).toList();
        int missing = metrics.size() - known.size();
        if (known.isEmpty()) {
            return replicas;
        }
        double ratio = ratio(known, 0);
        boolean countsPending = pending > 0 && ratio > 1;
        if (!countsPending && missing == 0) {
            return isTolerable(ratio) ? replicas : (int) Math.ceil(ratio * known.size());
        }
        // Who has said nothing is taken for idle where pods would be added, and for as busy as he should be else.
        List<Double> all = new ArrayList<>(known);
        for (int i = 0; i < missing; i++) {
            all.add(ratio < 1 ? settings.target() : 0.0);
        }
        double cautious = ratio(all, countsPending ? pending : 0);
        int counted = all.size() + (countsPending ? pending : 0);
        if (isTolerable(cautious) || (ratio < 1) != (cautious < 1)) {
            return replicas;
        }
        int wanted = (int) Math.ceil(cautious * counted);
        return cautious < 1 ? Math.min(wanted, replicas) : Math.max(wanted, replicas);
    }

    private double ratio(List<Double> values, int idle) {
        double sum = values.stream().mapToDouble(Double::doubleValue).sum();
        return sum / (values.size() + idle) / settings.target();
    }

    private static boolean isTolerable(double ratio) {
        return Math.abs(1 - ratio) <= TOLERANCE;
    }

    private int clamp(int wanted) {
        return Math.max(settings.least(), Math.min(settings.most(), wanted));
    }
}
