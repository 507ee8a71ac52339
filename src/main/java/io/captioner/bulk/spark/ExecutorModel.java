package io.captioner.bulk.spark;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The one model of an executor, loaded by the first task that needs it and shared by all: it lives as long as the
 * process. Safe for use by several threads.
 */
final class ExecutorModel {
    private static final String CAPTIONER = "io.captioner.bulk.JsonCaptioner";

    @GuardedBy("ExecutorModel.class") private static @Nullable ExecutorModel loaded;

    @GuardedBy("ExecutorModel.class") private static @Nullable ProgramLoader program;

    private final BundleSource bundle;
    private final Map<String, String> settings;
    private final ProgramLoader loader;
    private final Function<Iterator<byte @Nullable []>, Iterator<String>> captioner;

    private ExecutorModel(
            BundleSource bundle,
            Map<String, String> settings,
            ProgramLoader loader,
            Function<Iterator<byte @Nullable []>, Iterator<String>> captioner) {
        this.bundle = bundle;
        this.settings = settings;
        this.loader = loader;
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
        Iterator<String> captions = inside(loader, () -> captioner.apply(photos));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return inside(loader, captions::hasNext);
            }

            @Override
            public String next() {
                return inside(loader, captions::next);
            }
        };
    }

    private static ExecutorModel load(BundleSource bundle, Map<String, String> settings, Configuration hadoop)
            throws IOException {
        ProgramLoader opened = program();
        Path copy = temporary();
        try {
            String local = bundle.fetch(copy.resolve("bundle"), hadoop).toString();
            return new ExecutorModel(bundle, settings, opened, inside(opened, () -> open(opened, local, settings)));
        } catch (IOException | RuntimeException | Error e) {
            delete(copy);
            throw e;
        }
    }

    /** Unpacked once: a second class loader could not load TensorFlow's natives again. */
    private static synchronized ProgramLoader program() throws IOException {
        if (program == null) {
            Path directory = temporary();
            try {
                program = ProgramLoader.unpack(jar(), directory, ExecutorModel.class.getClassLoader());
            } catch (IOException | RuntimeException | Error e) {
                delete(directory);
                throw e;
            }
        }
        return program;
    }

    private static Path temporary() throws IOException {
        Path directory = Files.createTempDirectory("captioner-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "captioner-delete"));
        return directory;
    }

    @SuppressWarnings("unchecked") // JsonCaptioner has this type, made of types of the platform
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
        return causes(failure)
                .map(Throwable::toString)
                .distinct()
                .reduce((first, second) -> first + ": " + second)
                .orElseThrow();
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private static <T> T inside(ClassLoader loader, Supplier<T> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return call.get();
        } catch (RuntimeException e) {
            // Spark sends failures to its driver, which has none of the program's classes.
            throw causes(e).anyMatch(cause -> cause.getClass().getClassLoader() == loader)
                    ? new IllegalStateException(messages(e))
                    : e;
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
            throw new IOException("the jar of this program cannot be located", e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : List.copyOf(files.sorted(Comparator.reverseOrder()).toList())) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // What is left lies in the temporary directory, which the system cleans.
        }
    }
}
