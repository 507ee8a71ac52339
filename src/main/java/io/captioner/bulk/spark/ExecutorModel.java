package io.captioner.bulk.spark;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
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

    /**
     * The class loader of the program in the jar, with the libraries in it, apart from Spark and its libraries: from
     * outside it loads only the platform and SLF4J, so that the program logs to Spark.
     */
    static final class ProgramLoader extends URLClassLoader {
        private static final String CLASSES = "BOOT-INF/classes/";
        private static final String LIBRARIES = "BOOT-INF/lib/";

        static {
            registerAsParallelCapable();
        }

        private final ClassLoader surroundings;

        private ProgramLoader(List<URL> classPath, ClassLoader surroundings) {
            super("captioner", classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
            this.surroundings = surroundings;
        }

        /**
         * Unpacks a jar and opens it.
         *
         * @param jar the program as it is built
         * @param directory an empty one, which must stay as long as the loader is used
         * @throws IOException if the jar is not such a program
         */
        static ProgramLoader unpack(Path jar, Path directory, ClassLoader surroundings) throws IOException {
            List<URL> classPath = new ArrayList<>();
            classPath.add(url(Files.createDirectories(directory.resolve(CLASSES))));
            try (JarFile file = new JarFile(jar.toFile())) {
                Enumeration<JarEntry> entries = file.entries();
                while (entries.hasMoreElements()) {
                    JarEntry entry = entries.nextElement();
                    String name = entry.getName();
                    boolean library = name.startsWith(LIBRARIES) && name.endsWith(".jar");
                    if (library || name.startsWith(CLASSES) && !entry.isDirectory()) {
                        Path target = unpack(file, entry, directory);
                        if (library) {
                            classPath.add(url(target));
                        }
                    }
                }
            }
            if (classPath.size() == 1) {
                throw new IOException(jar + " has no libraries in it: submit the captioner.jar that the build packages");
            }
            return new ProgramLoader(classPath, surroundings);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.startsWith("org.slf4j.") ? surroundings.loadClass(name) : super.loadClass(name, resolve);
        }

        private static Path unpack(JarFile jar, JarEntry entry, Path directory) throws IOException {
            Path target = directory.resolve(entry.getName()).normalize();
            if (!target.startsWith(directory)) {
                throw new IOException("the jar has an entry outside its directory: " + entry.getName());
            }
            Files.createDirectories(target.getParent());
            try (InputStream in = jar.getInputStream(entry)) {
                Files.copy(in, target);
            }
            return target;
        }

        private static URL url(Path path) throws MalformedURLException {
            return path.toUri().toURL();
        }
    }
}
