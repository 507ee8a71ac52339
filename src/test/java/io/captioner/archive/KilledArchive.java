package io.captioner.archive;

import static io.captioner.archive.Entries.entry;

import io.captioner.archive.ArchiveQuery.Order;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The proof that an archive can be killed: a process of its own writes entries with several threads and prints each
 * that is acknowledged; it is killed at random moments and started again, and in the end all that were acknowledged
 * must be found.
 */
public final class KilledArchive {
    private static final int WRITERS = 16;
    private static final int MOST_ACKNOWLEDGED = 3000;
    private static final int THUMBNAIL_BYTES = 6000;

    private final Path directory;
    private final Random random;
    private final Consumer<String> progress;

    /**
     * What was found after the last kill.
     *
     * @param acknowledged entries that were acknowledged in all lives
     * @param found entries in the archive
     * @param lost entries that were acknowledged and not found
     */
    public record Outcome(int acknowledged, long found, List<String> lost) {}

    /**
     * Nothing runs yet.
     *
     * @param directory for the archive
     * @param seed of the moments
     * @param progress is told of every life
     */
    public KilledArchive(Path directory, long seed, Consumer<String> progress) {
        this.directory = directory;
        this.random = new Random(seed);
        this.progress = progress;
    }

    /** Kills it so many times. */
    public Outcome run(int kills) throws IOException, InterruptedException {
        Set<String> acknowledged = new HashSet<>();
        for (int kill = 0; kill < kills; kill++) {
            int until = random.nextInt(MOST_ACKNOWLEDGED);
            int before = acknowledged.size();
            Process process = start(kill);
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = out.readLine();
                for (int read = 0; read < until && line != null; read++) {
                    acknowledged.add(line);
                    line = out.readLine();
                }
                process.destroyForcibly();
                while (line != null) { // printed, so acknowledged, before it died
                    if (line.length() == Entries.id(0).length()) {
                        acknowledged.add(line);
                    }
                    line = out.readLine();
                }
            } catch (IOException streamClosedByTheKill) {
                // What was read counts.
            }
            process.waitFor();
            progress.accept("kill %d after %d acknowledged entries".formatted(kill + 1, acknowledged.size() - before));
        }
        try (LocalStore store = new LocalStore(Entries.properties(directory), Clock.systemUTC(), System::nanoTime)) {
            List<String> lost = new ArrayList<>();
            for (String id : acknowledged) {
                if (store.index().find(id) == null || store.index().thumbnail(id) == null) {
                    lost.add(id);
                }
            }
            return new Outcome(
                    acknowledged.size(),
                    store.index().search(Entries.words(null, Order.NEWEST)).total(),
                    lost);
        }
    }

    private Process start(int life) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        KilledArchive.class.getName(),
                        directory.toString(),
                        Integer.toString(life))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Writes until it is killed: the directory, and the number of this life. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        LocalStore store =
                new LocalStore(Entries.properties(Path.of(arguments[0])), Clock.systemUTC(), System::nanoTime);
        GroupCommit writer = new GroupCommit(store, new ArchiveListener() {}, System::nanoTime);
        AtomicInteger next = new AtomicInteger(Integer.parseInt(arguments[1]) * 1_000_000);
        for (int i = 0; i < WRITERS; i++) {
            new Thread(() -> {
                        while (true) {
                            int number = next.getAndIncrement();
                            byte[] thumbnail = new byte[THUMBNAIL_BYTES];
                            new Random(number).nextBytes(thumbnail);
                            CompletableFuture<Void> durable =
                                    writer.submit(Change.keep(entry(number, "a dog runs on a beach"), thumbnail));
                            durable.join();
                            out.println(Entries.id(number));
                        }
                    })
                    .start();
        }
    }
}
