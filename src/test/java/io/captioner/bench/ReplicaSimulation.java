package io.captioner.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Replicas behind a Service, in simulated time: photos come by chance (Poisson), each goes to a ready replica drawn at
 * random, as kube-proxy does for connections, and every 15 seconds meters are read and the autoscaler decides. The same
 * seed gives the same course. For one thread.
 */
public final class ReplicaSimulation {
    private static final double PERIOD = 15;
    private static final double LISTENING = 3;

    private final ServiceCurve curve;
    private final @Nullable SimulatedAutoscaler autoscaler;
    private final double nodeSeconds;
    private final double startSeconds;
    private final Random random;
    private final List<SimulatedReplica> replicas = new ArrayList<>();
    private final List<SimulatedReplica> leaving = new ArrayList<>();
    private final List<Period> periods = new ArrayList<>();
    private Latencies waits = new Latencies();
    private Latencies answers = new Latencies();
    private long offered;
    private long refused;

    /**
     * What happened in 15 seconds.
     *
     * @param from when they began
     * @param offered photos that came
     * @param refused photos that were told 429
     * @param waits of the photos whose run began in them
     * @param answers of the same photos, from their arrival to the end of their run
     * @param replicas at their end, those that are not ready among them
     * @param ready at their end
     */
    record Period(
            double from, long offered, long refused, Latencies waits, Latencies answers, int replicas, int ready) {}

    /**
     * A cluster with pods that have been ready for long.
     *
     * @param autoscaler null keeps the replicas as they are
     * @param nodeSeconds how long a new pod waits for a node
     * @param startSeconds from then until it is ready
     */
    ReplicaSimulation(
            ServiceCurve curve,
            int replicas,
            @Nullable SimulatedAutoscaler autoscaler,
            double nodeSeconds,
            double startSeconds,
            long seed) {
        this.curve = curve;
        this.autoscaler = autoscaler;
        this.nodeSeconds = nodeSeconds;
        this.startSeconds = startSeconds;
        this.random = new Random(seed);
        for (int i = 0; i < replicas; i++) {
            this.replicas.add(new SimulatedReplica(curve, 0, 0));
        }
    }

    /**
     * Runs the course of a load once.
     *
     * @param rate photos a second at a time, the same within each 15 seconds
     */
    List<Period> run(double seconds, DoubleUnaryOperator rate) {
        for (double from = 0; from < seconds; from += PERIOD) {
            arrivals(from, rate.applyAsDouble(from));
            double now = from + PERIOD;
            replicas.forEach(replica -> replica.advance(now, this::ran));
            leaving.forEach(replica -> replica.advance(now, this::ran));
            replicas.forEach(replica -> replica.scrape(now));
            periods.add(new Period(
                    from,
                    offered,
                    refused,
                    waits,
                    answers,
                    replicas.size(),
                    ready(now).size()));
            waits = new Latencies();
            answers = new Latencies();
            offered = 0;
            refused = 0;
            scale(now);
        }
        return List.copyOf(periods);
    }

    private void arrivals(double from, double rate) {
        double at = from;
        while (true) {
            at -= Math.log(1 - random.nextDouble()) / rate;
            if (at >= from + PERIOD) {
                return; // the process has no memory: the next period may draw anew
            }
            List<SimulatedReplica> ready = ready(at);
            offered++;
            if (!ready.get(random.nextInt(ready.size())).offer(at, this::ran)) {
                refused++;
            }
        }
    }

    private void scale(double now) {
        if (autoscaler == null) {
            return;
        }
        List<Double> metrics = new ArrayList<>();
        for (SimulatedReplica replica : replicas) {
            if (!replica.isPending(now)) {
                metrics.add(replica.queueSeconds(now));
            }
        }
        int decided = autoscaler.decide(now, replicas.size(), metrics, replicas.size() - metrics.size());
        while (replicas.size() < decided) {
            double node = now + nodeSeconds;
            replicas.add(new SimulatedReplica(curve, node + LISTENING, node + startSeconds));
        }
        while (replicas.size() > decided) {
            leaving.add(replicas.remove(replicas.size() - 1));
        }
    }

    private List<SimulatedReplica> ready(double now) {
        return replicas.stream().filter(replica -> replica.isReady(now)).toList();
    }

    private void ran(double waited, double took) {
        waits.add(Math.round(waited * 1e9));
        answers.add(Math.round(took * 1e9));
    }
}
