package io.captioner.bulk.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The one model of an executor, loaded by the first task that needs it and shared by all: it lives as long as the
 * process. Safe for use by several threads.
 */
final class ExecutorModel {
    private static final String CAPTIONER = "io.captioner.bulk.JsonCaptioner";

    private static @Nullable ExecutorModel loaded; // guarded by the class

    private final BundleSource bundle;
    private final Map<String, String> settings;
    private final ProgramLoader program;
    private final Function<Iterator<byte @Nullable []>, Iterator<String>> captioner;

    private ExecutorModel(
            BundleSource bundle,
            Map<String, String> settings,
            ProgramLoader program,
            Function<Iterator<byte @Nullable []>, Iterator<String>> captioner) {
        this.bundle = bundle;
        this.settings = settings;
        this.program = program;
        this.captioner = captioner;
    }

    /**
     * Returns the model of this process, loading it if it is the first time.
     *
     * @throws IOException if the jar or the bundle cannot be read
     * @throws IllegalStateException if the bundle or the settings are refused, or another model is loaded
     */
    static synchronized ExecutorModel get(BundleSource bundle, Map<String, String> settings, Configuration hadoop)
            throws IOException {
        if (loaded == null) {
            loaded = load(bundle, settings, hadoop);
        }
        if (!loaded.bundle.equals(bundle) || !loaded.settings.equals(settings)) {
            throw new IllegalStateException("this executor has %s loaded: run one job at a time in a Spark application"
                    .formatted(loaded.bundle));
        }
        return loaded;
    }

    /** Captions a stream of photos, each as JSON; the captions are read by the thread that calls. */
    Iterator<String> caption(Iterator<byte @Nullable []> photos) {
        Iterator<String> captions = inside(program, () -> captioner.apply(photos));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return inside(program, captions::hasNext);
            }

            @Override
            public String next() {
                return inside(program, captions::next);
            }
        };
    }

    private static ExecutorModel load(BundleSource bundle, Map<String, String> settings, Configuration hadoop)
            throws IOException {
        Path directory = Files.createTempDirectory("captioner-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "captioner-delete"));
        ProgramLoader program =
                ProgramLoader.unpack(jar(), directory.resolve("program"), ExecutorModel.class.getClassLoader());
        Path local = bundle.fetch(directory.resolve("bundle"), hadoop);
        return new ExecutorModel(
                bundle, settings, program, inside(program, () -> open(program, local.toString(), settings)));
    }

    @SuppressWarnings("unchecked") // the type it says it has, which only the platform's types are part of
    private static Function<Iterator<byte @Nullable []>, Iterator<String>> open(
            ClassLoader program, String bundle, Map<String, String> settings) {
        try {
            return (Function<Iterator<byte @Nullable []>, Iterator<String>>) Class.forName(CAPTIONER, true, program)
                    .getMethod("open", String.class, Map.class)
                    .invoke(null, bundle, settings);
        } catch (ReflectiveOperationException e) {
            Throwable cause = e.getCause();
            // Spark sends failures to its driver, which has none of the program's classes.
            throw new IllegalStateException("the bundle cannot be used: " + messages(cause == null ? e : cause));
        }
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(Throwable::toString)
                .distinct()
                .reduce((first, second) -> first + ": " + second)
                .orElseThrow();
    }

    private static <T> T inside(ClassLoader program, java.util.function.Supplier<T> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(program);
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Path jar() throws IOException {
        try {
            return Path.of(ExecutorModel.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("this program's jar is nowhere", e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : List.copyOf(files.sorted(Comparator.reverseOrder()).toList())) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left lies in the temporary directory, which is not ours to keep clean for ever.
        }
    }
}
