package io.captioner.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a scenario found: tables and verdicts, printed as they come, and all of it as JSON at the end. */
final class Report {
    private final String scenario;
    private final PrintStream out;
    private final Machine machine = Machine.here();
    private final List<Table> tables = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Path> gatling = new ArrayList<>();

    /** A promise, what was measured of it, and whether it holds. */
    record Verdict(String promise, String target, String measured, boolean holds) {
        static Verdict atLeast(String promise, double target, double measured) {
            return new Verdict(promise, ">= " + Table.number(target), Table.number(measured), measured >= target);
        }

        static Verdict atMost(String promise, double target, double measured) {
            return new Verdict(promise, "<= " + Table.number(target), Table.number(measured), measured <= target);
        }

        static Verdict that(String promise, boolean holds, String measured) {
            return new Verdict(promise, "yes", measured, holds);
        }

        String word() {
            return holds ? "pass" : "FAIL";
        }
    }

    /** What the figures were measured on. */
    private record Machine(int processors, String os, String jdk) {
        static Machine here() {
            return new Machine(
                    Runtime.getRuntime().availableProcessors(),
                    "%s %s (%s)"
                            .formatted(
                                    System.getProperty("os.name"),
                                    System.getProperty("os.version"),
                                    System.getProperty("os.arch")),
                    "%s %s".formatted(System.getProperty("java.vendor"), System.getProperty("java.version")));
        }
    }

    Report(String scenario, PrintStream out) {
        this.scenario = scenario;
        this.out = out;
        out.printf(
                "%nCaptioner benchmark '%s': %d processors, %s, %s%n",
                scenario, machine.processors(), machine.jdk(), machine.os());
    }

    /** Prints what happens now. */
    void progress(String what) {
        out.println("  .. " + what);
    }

    /** Prints and keeps a finished table. */
    void add(Table table) {
        tables.add(table);
        out.println("\n" + table.text());
    }

    void add(Verdict verdict) {
        verdicts.add(verdict);
    }

    /** Keeps where an HTML report of Gatling lies. */
    void gatling(Path html) {
        gatling.add(html);
    }

    boolean holds() {
        return verdicts.stream().allMatch(Verdict::holds);
    }

    /** Prints the verdicts and writes everything as JSON. */
    void finish(Path file) throws IOException {
        Table table = new Table("Promises", "promise", "target", "measured", "verdict");
        verdicts.forEach(verdict -> table.row(verdict.promise(), verdict.target(), verdict.measured(), verdict.word()));
        out.println("\n" + table.text());
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("scenario", scenario);
        results.put("machine", machine);
        Map<String, Object> byTitle = new LinkedHashMap<>();
        tables.forEach(kept -> byTitle.put(kept.title(), kept.figures()));
        results.put("tables", byTitle);
        results.put("verdicts", verdicts);
        results.put("reports", gatling.stream().map(Path::toString).toList());
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.write(file, mapper.writeValueAsBytes(results));
        gatling.forEach(html -> out.println("Gatling's report: " + html));
        out.println("As JSON: " + file);
        verdicts.stream()
                .filter(verdict -> !verdict.holds())
                .forEach(verdict -> out.printf(
                        "FAIL: %s: %s, promised %s%n", verdict.promise(), verdict.measured(), verdict.target()));
    }
}
