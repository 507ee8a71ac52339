package io.captioner.bench;

import static java.util.Map.entry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** The program that measures the packaged program: {@code ./mvnw -Pbench verify}. */
final class Bench {
    private static final Map<String, Supplier<Scenario>> SCENARIOS = new TreeMap<>(Map.ofEntries(
            entry("archive", Archive::new),
            entry("throughput", Throughput::new),
            entry("kill", Kill::new),
            entry("overload", Overload::new),
            entry("fuzz", Fuzz::new),
            entry("disconnect", Disconnect::new),
            entry("drain", Drain::new),
            entry("swap", Swap::new),
            entry("loris", Loris::new),
            entry("shutdown", Shutdown::new),
            entry("scale", Scale::new),
            entry("features", Features::new),
            entry("step", TrainingStep::new),
            entry("replicas", Replicas::new),
            entry("start", Start::new),
            entry("protocols", ProtocolOverhead::new),
            entry("peer", Peer::new)));

    /** One of the runs that a user can ask for. */
    @FunctionalInterface
    interface Scenario {
        /** Measures, and adds tables and verdicts to the report. */
        void run(Options options, Report report) throws Exception;
    }

    private Bench() {}

    /** Ends with status 0 if every promise held, 1 if one was broken, 2 if the run itself failed. */
    public static void main(String[] arguments) {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(Options.read(System.getProperties()), out));
    }

    /** Opens the log of Gatling, which prints much that is no figure of the benchmark. */
    private static PrintStream log(Options options) throws IOException {
        Files.createDirectories(options.target());
        return new PrintStream(
                Files.newOutputStream(options.target().resolve(options.scenario() + "-gatling.log")),
                true,
                StandardCharsets.UTF_8);
    }

    private static int run(Options options, PrintStream out) {
        Supplier<Scenario> scenario = SCENARIOS.get(options.scenario());
        if (scenario == null) {
            out.printf("There is no scenario '%s': -Dbench is one of %s%n", options.scenario(), SCENARIOS.keySet());
            return 2;
        }
        Report report = new Report(options.scenario(), out);
        try (PrintStream gatling = log(options)) {
            System.setOut(gatling);
            scenario.get().run(options, report);
            report.finish(options.output());
            return report.holds() ? 0 : 1;
        } catch (Exception e) {
            out.println("FAIL: the run broke off");
            e.printStackTrace(out);
            return 2;
        }
    }
}
