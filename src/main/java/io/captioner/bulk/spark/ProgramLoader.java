package io.captioner.bulk.spark;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The class loader of the program in the jar, with the libraries in it, apart from Spark and its libraries: from
 * outside it loads only the platform and SLF4J, so that the program logs to Spark.
 */
final class ProgramLoader extends URLClassLoader {
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
