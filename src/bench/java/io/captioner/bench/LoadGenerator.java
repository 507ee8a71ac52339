package io.captioner.bench;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.stopLoadGeneratorIf;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.captioner.bench.Load.Sample;
import io.gatling.app.Gatling$;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * Loads on a server by Gatling, one at a time and in this process, so that its code is compiled once for all of them.
 * Each load with a name leaves Gatling's HTML report in a folder of that name; one without a name is not reported.
 */
final class LoadGenerator {
    private static final int[] CAPACITY_CLIENTS = {16, 64};
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Duration RECOVERY = Duration.ofMinutes(1);
    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(15);
    private static final int WARM_UP_ROUNDS = 24;
    private static final double COMPILERS_REST = 0.02;
    private static final String PHOTO = "photo";
    private static final String SENT = "sent";
    private static final String STATUS = "status";

    /** What the next simulation does. Gatling constructs it by itself and hands it nothing, and only then has a DSL. */
    private static @Nullable Supplier<Plan> plan;

    private final List<String> urls;
    private final List<byte[]> photos;
    private final Path folder;
    private final Report report;
    private final AtomicInteger next = new AtomicInteger();

    private record Plan(HttpProtocolBuilder protocol, List<PopulationBuilder> populations) {}

    /**
     * A load, and how long the server took to answer as usual after it.
     *
     * @param seconds from the load's end to the end of the first request with the usual latency
     */
    record Recovery(Load load, double seconds) {}

    /**
     * A generator for one server, or for several between which users choose in turns.
     *
     * @param urls base addresses of the servers
     * @param photos JPEGs that are sent in turns
     * @param folder of the reports, emptied first
     */
    LoadGenerator(List<String> urls, List<byte[]> photos, Path folder, Report report) throws IOException {
        this(urls, photos, report, folder);
        FileSystemUtils.deleteRecursively(folder);
    }

    private LoadGenerator(List<String> urls, List<byte[]> photos, Report report, Path folder) {
        this.urls = urls;
        this.photos = photos;
        this.folder = folder;
        this.report = report;
    }

    /** Returns a generator with the same reports for another server, or other photos. */
    LoadGenerator with(ServerProcess server, List<byte[]> others) {
        return new LoadGenerator(List.of(server.url()), others, report, folder);
    }

    /** A generator for the packaged program. */
    LoadGenerator(ServerProcess server, List<byte[]> photos, Options options, Report report) throws IOException {
        this(List.of(server.url()), photos, options.reports(), report);
    }

    // A loop of Gatling leaves its last request unrecorded unless it is told not to end within its body: the "false"
    // below.

    /** Runs N clients, each of which sends its next photo when it has its answer; the first fifth is not counted. */
    Load closed(@Nullable String name, int clients, Duration duration) {
        Queue<Sample> samples = new ConcurrentLinkedQueue<>();
        Duration lead = duration.dividedBy(4);
        double cpu = run(
                name,
                () -> new Plan(
                        protocol(),
                        List.of(scenario("clients")
                                .exec(during(duration.plus(lead), false).on(request(title(name), samples::add)))
                                .injectOpen(atOnceUsers(clients)))));
        long start = start(samples) + lead.toNanos();
        return new Load(List.copyOf(samples), start, start + duration.toNanos(), cpu);
    }

    /** Sends photos at Poisson arrivals, whether or not the server has answered, and waits for the last answer. */
    Load open(@Nullable String name, double rate, Duration duration) {
        Queue<Sample> samples = new ConcurrentLinkedQueue<>();
        double cpu = run(
                name,
                () -> new Plan(
                        protocol().shareConnections(),
                        List.of(scenario("arrivals")
                                .exec(request(title(name), samples::add))
                                .injectOpen(constantUsersPerSec(rate)
                                        .during(duration)
                                        .randomized()))));
        long start = start(samples);
        return new Load(List.copyOf(samples), start, start + duration.toNanos(), cpu);
    }

    /** Sends photos at Poisson arrivals for as long as {@code goesOn} says, and waits for the last answer. */
    Load open(String name, double rate, BooleanSupplier goesOn) {
        Queue<Sample> samples = new ConcurrentLinkedQueue<>();
        AtomicInteger inFlight = new AtomicInteger();
        AtomicLong end = new AtomicLong();
        Supplier<ChainBuilder> counted = () -> exec(session -> {
                    inFlight.incrementAndGet();
                    return session;
                })
                .exec(request(name, samples::add))
                .exec(session -> {
                    inFlight.decrementAndGet();
                    return session;
                });
        ChainBuilder finish = exec(session -> {
                    end.compareAndSet(0, System.nanoTime());
                    return session;
                })
                .exec(stopLoadGeneratorIf("the load is over", session -> inFlight.get() == 0));
        double cpu = run(
                name,
                () -> new Plan(
                        protocol().shareConnections(),
                        List.of(scenario("arrivals")
                                .exec(doIfOrElse(session -> goesOn.getAsBoolean())
                                        .then(counted.get())
                                        .orElse(finish))
                                .injectOpen(constantUsersPerSec(rate)
                                        .during(LONGEST)
                                        .randomized()))));
        return new Load(List.copyOf(samples), start(samples), end.get(), cpu);
    }

    /**
     * Like {@link #open(String, double, Duration)}, and from its end on sends one request after the other until one
     * takes no longer than usual, for a minute at most.
     */
    Recovery openAndRecover(String name, double rate, Duration duration, double usualMillis) {
        Queue<Sample> samples = new ConcurrentLinkedQueue<>();
        Queue<Sample> singles = new ConcurrentLinkedQueue<>();
        double cpu = run(
                name,
                () -> new Plan(
                        protocol().shareConnections(),
                        List.of(
                                scenario("arrivals")
                                        .exec(request(name, samples::add))
                                        .injectOpen(constantUsersPerSec(rate)
                                                .during(duration)
                                                .randomized()),
                                scenario("afterwards")
                                        .exec(asLongAs(session -> !recovered(singles, usualMillis), false)
                                                .on(request("afterwards", singles::add)))
                                        .injectOpen(nothingFor(duration), atOnceUsers(1)))));
        long start = start(samples);
        long end = start + duration.toNanos();
        long recovered = singles.stream().mapToLong(Sample::done).max().orElse(Long.MAX_VALUE);
        return new Recovery(new Load(List.copyOf(samples), start, end, cpu), (recovered - end) / 1e9);
    }

    private static boolean recovered(Queue<Sample> singles, double usualMillis) {
        return singles.stream().anyMatch(single -> single.ok() && single.nanos() / 1e6 <= usualMillis)
                || !singles.isEmpty() && System.nanoTime() - start(singles) > RECOVERY.toNanos();
    }

    /** Returns the images a second of a server that always has enough to do, after half this time to warm up. */
    double capacity(Duration duration) {
        report.progress("measuring the capacity");
        closed(null, CAPACITY_CLIENTS[0], duration.dividedBy(2));
        double best = 0;
        for (int clients : CAPACITY_CLIENTS) {
            best = Math.max(
                    best,
                    closed(null, clients, duration.dividedBy(CAPACITY_CLIENTS.length))
                            .goodput());
        }
        if (best == 0) {
            throw new IllegalStateException(
                    "the server answered no image within %s: give bench.seconds more".formatted(duration));
        }
        report.progress("capacity: %s images/s".formatted(Table.number(best)));
        return best;
    }

    /**
     * Loads the server until its just-in-time compilers and those of this process take less than 2 % of the time each,
     * for six minutes at most: until then they take processor time that is no part of captioning.
     *
     * @param length of what is measured afterwards: for short measurements the warm-up is shorter too
     */
    void warmUp(ServerProcess server, Duration length, Consumer<Duration> load) throws IOException {
        Duration round = length.compareTo(WARM_UP_ROUND) < 0 ? length : WARM_UP_ROUND;
        double share = 1;
        for (int i = 0; i < WARM_UP_ROUNDS && share > COMPILERS_REST; i++) {
            double serverBefore = server.meters().sum("jvm_compilation_time_ms_total");
            double clientBefore = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
            long start = System.nanoTime();
            load.accept(round);
            double millis = (System.nanoTime() - start) / 1e6;
            double ofServer = (server.meters().sum("jvm_compilation_time_ms_total") - serverBefore) / millis;
            double ofClient =
                    (ManagementFactory.getCompilationMXBean().getTotalCompilationTime() - clientBefore) / millis;
            share = Math.max(ofServer, ofClient);
            report.progress("just-in-time compilers took %.1f %% of the time in the server, %.1f %% in the client"
                    .formatted(100 * ofServer, 100 * ofClient));
        }
    }

    private HttpProtocolBuilder protocol() {
        HttpProtocolBuilder protocol = http.baseUrls(urls).disableWarmUp().disableCaching();
        return Requests.KEY.isEmpty() ? protocol : protocol.header("X-API-Key", session -> Requests.KEY);
    }

    private ChainBuilder request(String name, Consumer<Sample> done) {
        return exec(session -> session.set(PHOTO, photos.get(Math.floorMod(next.getAndIncrement(), photos.size())))
                        .set(STATUS, Sample.NONE)
                        .set(SENT, System.nanoTime()))
                .exec(http(name)
                        .post("/captions")
                        .header("Content-Type", "image/jpeg")
                        .body(ByteArrayBody(session -> session.<byte[]>get(PHOTO)))
                        .check(status().saveAs(STATUS), status().is(Connection.OK)))
                .exec(session -> {
                    done.accept(new Sample(session.getLong(SENT), System.nanoTime(), session.getInt(STATUS)));
                    return session;
                });
    }

    /** Runs a simulation to its end, and returns the processor time that it took. */
    private synchronized double run(@Nullable String name, Supplier<Plan> populations) {
        plan = populations;
        Path results = folder.resolve("gatling");
        List<String> arguments = new ArrayList<>(
                List.of("--simulation", PlannedSimulation.class.getName(), "--results-folder", results.toString()));
        arguments.addAll(name == null ? List.of("--no-reports") : List.of("--run-description", name));
        int status = Gatling$.MODULE$.fromArgs(arguments.toArray(String[]::new));
        if (status != 0) {
            throw new IllegalStateException("Gatling ended with status %d: see its log".formatted(status));
        }
        try {
            if (name != null) {
                Path kept = folder.resolve(fileName(name));
                try (Stream<Path> runs = Files.list(results)) {
                    Files.move(runs.findFirst().orElseThrow(), kept);
                }
                report.gatling(kept.resolve("index.html"));
            }
            FileSystemUtils.deleteRecursively(results);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return PlannedSimulation.cpuSeconds;
    }

    /** Returns a name of a load as that of a folder. */
    static String fileName(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("\\W+", "-");
    }

    private static String title(@Nullable String name) {
        return name == null ? "warm-up" : name;
    }

    private static long start(Queue<Sample> samples) {
        return samples.stream()
                .mapToLong(Sample::sent)
                .min()
                .orElseThrow(() -> new IllegalStateException("the load sent no request: see Gatling's log"));
    }

    /** The simulation of the current plan; public because Gatling constructs it. */
    public static final class PlannedSimulation extends Simulation {
        private static double cpuSeconds;
        private double cpuBefore;

        public PlannedSimulation() {
            Plan current = Objects.requireNonNull(plan).get();
            setUp(current.populations).protocols(current.protocol);
        }

        @Override
        public void before() {
            cpuBefore = Figures.cpuSeconds(ProcessHandle.current());
        }

        @Override
        public void after() {
            cpuSeconds = Figures.cpuSeconds(ProcessHandle.current()) - cpuBefore;
        }
    }
}
