package io.captioner.training.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The proof that a training can be killed: one run in a process of its own from beginning to end, and the same run
 * killed at random moments and started again until it is through. Moments are drawn from a seed: most at a random step
 * and up to a few hundred milliseconds on, some at a random moment of the start.
 */
public final class KilledTraining {
    private static final int PICTURES = 90;
    private static final int CAPTIONS = 2 * PICTURES;
    private static final int BATCH = 8;
    private static final int STEPS_PER_EPOCH = (CAPTIONS + BATCH - 1) / BATCH;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int JITTER_MILLIS = 300;
    private static final int KILLS_AT_THE_START = 4;

    private final Path directory;
    private final int epochs;
    private final Random random;
    private final Consumer<String> progress;

    /**
     * What became of the killed run, beside the one that was not.
     *
     * @param steps of the training
     * @param kills how often it was killed while it ran
     * @param different names of the files that differ between the two
     * @param compared names of all files that were compared
     */
    public record Outcome(int steps, int kills, List<String> different, List<String> compared) {}

    /**
     * Nothing runs yet.
     *
     * @param directory an empty one, for both runs
     * @param seed of the moments
     * @param progress is told of every life
     */
    public KilledTraining(Path directory, int epochs, long seed, Consumer<String> progress) {
        this.directory = directory;
        this.epochs = epochs;
        this.random = new Random(seed);
        this.progress = progress;
    }

    /** Runs both, killing the second so many times. */
    public Outcome run(int kills) throws IOException, InterruptedException {
        Path whole = directory.resolve("whole");
        Path killed = directory.resolve("killed");
        DrawnTraining.draw(whole, PICTURES / 9);
        DrawnTraining.draw(killed, PICTURES / 9);
        long start = System.nanoTime();
        requireDone(start(whole), whole);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        progress.accept("%d steps without interruption took %d ms".formatted(steps(), millis));
        int done = 0;
        for (int target : targets(kills)) {
            done += kill(killed, target, millis) ? 1 : 0;
        }
        if (!Files.exists(killed.resolve("models/drawn/1"))) { // else the last kill came after the last act
            requireDone(start(killed), killed);
        }
        Map<String, byte[]> expected = results(whole);
        Map<String, byte[]> found = results(killed);
        List<String> different = Stream.concat(expected.keySet().stream(), found.keySet().stream())
                .distinct()
                .filter(file -> !Arrays.equals(expected.get(file), found.get(file)))
                .toList();
        return new Outcome(steps(), done, different, List.copyOf(expected.keySet()));
    }

    private int steps() {
        return epochs * STEPS_PER_EPOCH;
    }

    /** Ascending steps; 0 for the start of a process, whatever it has behind it. */
    private List<Integer> targets(int kills) {
        List<Integer> targets = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            targets.add(1 + random.nextInt(steps() - 1));
        }
        targets.sort(null);
        for (int i = KILLS_AT_THE_START - 1; i < kills; i += KILLS_AT_THE_START) {
            targets.set(i, 0);
        }
        return targets;
    }

    /** Returns whether the process was still running. */
    private boolean kill(Path run, int target, long wholeMillis) throws IOException, InterruptedException {
        Process process = start(run);
        long end = System.nanoTime() + LIMIT.toNanos();
        while (lastStep(run) < target && process.isAlive() && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        int delay = random.nextInt(target == 0 ? (int) Math.max(1, wholeMillis / 2) : JITTER_MILLIS);
        boolean ended = process.waitFor(delay, TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        progress.accept("killed %s, %d ms on: step %d, newest checkpoint %s%s"
                .formatted(
                        target == 0 ? "after its start" : "at step " + target,
                        delay,
                        lastStep(run),
                        newestCheckpoint(run),
                        ended ? ": had ended by itself" : ""));
        return !ended;
    }

    private Process start(Path run) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "io.captioner.training.run.DrawnTraining",
                        run.toString(),
                        "optimiser.epochs=" + epochs,
                        "optimiser.batch-size=" + BATCH,
                        "optimiser.checkpoint-steps=5")
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(run.resolve("log.txt").toFile()));
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        return builder.start();
    }

    private static void requireDone(Process process, Path run) throws IOException, InterruptedException {
        boolean ended = process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
        if (!ended || process.exitValue() != 0) {
            throw new IllegalStateException("the training %s; its log is%n%s"
                    .formatted(
                            ended ? "failed with " + process.exitValue() : "did not end",
                            Files.readString(run.resolve("log.txt"))));
        }
    }

    private static int lastStep(Path run) {
        Path steps = run.resolve("run/steps.jsonl");
        if (!Files.exists(steps)) {
            return 0;
        }
        try {
            String text = new String(Files.readAllBytes(steps), StandardCharsets.UTF_8);
            return (int) text.chars().filter(character -> character == '\n').count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String newestCheckpoint(Path run) throws IOException {
        return directories(run.resolve("run/checkpoints")).stream()
                .map(path -> path.getFileName().toString())
                .filter(name -> name.startsWith("step-"))
                .max(String::compareTo)
                .orElse("none");
    }

    private static List<Path> directories(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(parent)) {
            return paths.toList();
        }
    }

    /** Every checkpoint that is kept, with the variables of model and optimiser, the curves, and the bundle. */
    private static Map<String, byte[]> results(Path run) throws IOException {
        Map<String, byte[]> results = new TreeMap<>();
        for (String folder : List.of("run/checkpoints", "models")) {
            try (Stream<Path> files = Files.walk(run.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    results.put(run.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        for (String file : List.of("run/steps.jsonl", "run/epochs.jsonl", "run/run.json")) {
            results.put(file, Files.readAllBytes(run.resolve(file)));
        }
        return results;
    }
}
