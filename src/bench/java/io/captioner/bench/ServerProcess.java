package io.captioner.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The packaged program, or a peer of it, in a process of its own, its output in a log file. The program has meters and
 * management on a second port; a peer has neither. Closed or not, it does not outlive the benchmark.
 */
final class ServerProcess implements AutoCloseable {
    /** No answer comes from a cache: what is measured is work. */
    private static final String NO_CACHE = "--captioner.cache.enabled=false";

    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int LOG_LINES = 20;
    private static final int NO_PORT = 0;
    private static final double NANOS = 1e9;

    private final Process process;
    private final int port;
    private final int managementPort;
    private final Path log;
    private final Thread killer;
    private final long started = System.nanoTime();
    private double readyAfter = Double.NaN;
    private double firstCaptionAfter = Double.NaN;

    /** A reading of all meters of the server, in Prometheus' text format. */
    static final class Meters {
        private final Map<String, Double> values = new LinkedHashMap<>();

        Meters(String text) {
            for (String line : text.split("\n")) {
                int space = line.lastIndexOf(' ');
                if (!line.startsWith("#") && space > 0) {
                    values.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
                }
            }
        }

        /**
         * Returns the sum of a meter over all its series that have these labels, 0 where there is none.
         *
         * @param labels as they are written, such as {@code area="heap"}
         */
        double sum(String name, String... labels) {
            double sum = 0;
            for (Map.Entry<String, Double> entry : values.entrySet()) {
                if (matches(entry.getKey(), name, labels)) {
                    sum += entry.getValue();
                }
            }
            return sum;
        }

        /** Returns the images that the device has run. */
        double imagesRun() {
            return sum("captioner_batch_size_images_sum");
        }

        double batchesRun() {
            return sum("captioner_batch_size_images_count");
        }

        double queueDepth() {
            return sum("captioner_queue_depth_images");
        }

        double permitsUsed() {
            return sum("captioner_permits_used_images");
        }

        double heapBytes() {
            return sum("jvm_memory_used_bytes", "area=\"heap\"");
        }

        private static boolean matches(String series, String name, String... labels) {
            if (!series.startsWith(name) || (series.length() > name.length() && series.charAt(name.length()) != '{')) {
                return false;
            }
            for (String label : labels) {
                if (!series.contains(label)) {
                    return false;
                }
            }
            return true;
        }
    }

    private ServerProcess(Process process, int port, int managementPort, Path log) {
        this.process = process;
        this.port = port;
        this.managementPort = managementPort;
        this.log = log;
        this.killer = new Thread(process::destroyForcibly, "server-killer");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts the program with its defaults and these arguments, and waits until it is ready. */
    static ServerProcess start(Options options, String... arguments) throws IOException, InterruptedException {
        return start(options, List.of(), options.models(), arguments);
    }

    /**
     * Starts the program, and waits until it is ready.
     *
     * @param jvm options of its virtual machine
     * @throws IllegalStateException if it does not become ready; the message has the end of its log
     */
    static ServerProcess start(Options options, List<String> jvm, Path models, String... arguments)
            throws IOException, InterruptedException {
        return start(options, options.scenario(), options.java(jvm), Map.of(), models, arguments);
    }

    /** Starts the program with its defaults on N processors, one of several at a time; waits until it is ready. */
    static ServerProcess startWithin(Options options, int processors, String name)
            throws IOException, InterruptedException {
        String threads = Integer.toString(processors);
        return start(
                options,
                options.scenario() + "-" + name,
                options.java(List.of("-XX:ActiveProcessorCount=" + threads)),
                Map.of("TF_NUM_INTRAOP_THREADS", threads, "TF_NUM_INTEROP_THREADS", threads),
                options.models());
    }

    /** Starts the program with its defaults and these arguments, one of several at a time; waits until it is ready. */
    static ServerProcess startNamed(Options options, String name, String... arguments)
            throws IOException, InterruptedException {
        return start(options, name, options.java(List.of()), Map.of(), options.models(), arguments);
    }

    /** Starts the program with its defaults by this command; waits until it is ready. */
    static ServerProcess startBy(Options options, List<String> command) throws IOException, InterruptedException {
        return start(options, options.scenario() + "-captioner", command, Map.of(), options.models());
    }

    private static ServerProcess start(
            Options options,
            String name,
            List<String> program,
            Map<String, String> environment,
            Path models,
            String... arguments)
            throws IOException, InterruptedException {
        int port = freePort();
        int managementPort = freePort();
        List<String> command = new ArrayList<>(program);
        command.add("--server.port=" + port);
        command.add("--management.server.port=" + managementPort);
        command.add("--management.endpoints.web.exposure.include=health,prometheus,models");
        command.add("--captioner.models=" + models.toAbsolutePath());
        command.add(NO_CACHE);
        command.addAll(List.of(arguments));
        command.addAll(options.serverArguments());
        return start(options, name, command, environment, port, managementPort);
    }

    /** Starts the peer of {@code src/bench/peers} over a bundle, and waits until it is ready. */
    static ServerProcess startPeer(Options options, Path bundle) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = options.peer(bundle.toAbsolutePath().toString(), Integer.toString(port));
        return start(options, options.scenario() + "-peer", command, Map.of(), port, NO_PORT);
    }

    private static ServerProcess start(
            Options options,
            String name,
            List<String> command,
            Map<String, String> environment,
            int port,
            int managementPort)
            throws IOException, InterruptedException {
        Files.createDirectories(options.target());
        Path log = options.target().resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        byte[] photo = Photos.of(options, 1).get(0);
        Process process = builder.start();
        ServerProcess server = new ServerProcess(process, port, managementPort, log);
        try {
            server.awaitReady(photo);
            return server;
        } catch (RuntimeException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    String url() {
        return "http://localhost:" + port;
    }

    Process process() {
        return process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the processor time that the server has taken so far, in seconds. */
    double cpuSeconds() {
        return Figures.cpuSeconds(process.toHandle());
    }

    /** Returns the resident memory of the server in MiB, NaN where there is no {@code /proc}. */
    double residentMebibytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
                }
            }
        } catch (IOException e) {
            return Double.NaN;
        }
        return Double.NaN;
    }

    /** Returns all meters; a peer has none. */
    Meters meters() throws IOException {
        if (managementPort == NO_PORT) {
            return new Meters("");
        }
        return new Meters(manage(Requests.get("/actuator/prometheus")).text());
    }

    /** Sends a request to the management port. */
    Connection.Response manage(byte[] request) throws IOException {
        return exchange(managementPort, request, ANSWER);
    }

    /** Sends a request to the port that captions, over a connection of its own. */
    Connection.Response exchange(byte[] request) throws IOException {
        return exchange(port, request, ANSWER);
    }

    /** Sends a request to the management port, with a limit on the wait for an answer of much work. */
    Connection.Response manage(byte[] request, Duration timeout) throws IOException {
        return exchange(managementPort, request, timeout);
    }

    private static Connection.Response exchange(int port, byte[] request, Duration timeout) throws IOException {
        try (Connection connection = new Connection(port, timeout)) {
            return connection.exchange(request);
        }
    }

    /** Whether readiness is on, as seen from outside. */
    boolean isReady() {
        return isAnswered(Requests.get("/readyz"));
    }

    private boolean isAnswered(byte[] request) {
        try {
            return exchange(request).status() == Connection.OK;
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitReady(byte[] photo) throws InterruptedException {
        firstCaptionAfter = secondsUntilAnswered(Requests.photo(photo));
        readyAfter = secondsUntilAnswered(Requests.get("/readyz"));
    }

    private double secondsUntilAnswered(byte[] request) throws InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (!isAnswered(request)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("The program %s; the end of %s:%n%s"
                        .formatted(
                                process.isAlive() ? "is not ready after " + START : "ended before it was ready",
                                log,
                                endOfLog()));
            }
            Thread.sleep(POLL.toMillis());
        }
        return (System.nanoTime() - started) / NANOS;
    }

    /** Returns the seconds from the start of the process until it was ready. */
    double readyAfter() {
        return readyAfter;
    }

    /**
     * Returns the seconds from the start of the process until a photo had its caption, of one that was sent again and
     * again from then on. Captions may be answered before the server says that it is ready.
     */
    double firstCaptionAfter() {
        return firstCaptionAfter;
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
