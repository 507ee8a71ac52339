package io.captioner;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of the jars inside of a jar. Spring Boot's loader makes a URL for each class and each jar that it
 * searches, which takes a quarter of a start; this one searches the jars themselves, beginning with the one that had
 * the last class of the same package. Resources are left to Spring Boot's loader. Safe for use by several threads.
 */
final class NestedJarLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final URLClassLoader slower;
    private final List<Library> libraries;
    private final Set<String> packagesOfJava;
    private final Map<String, Library> lastOfPackage = new ConcurrentHashMap<>();

    /** @param slower Spring Boot's loader; classes that are in none of its jars come from its parent */
    NestedJarLoader(URLClassLoader slower) {
        super(new URL[0], slower);
        this.slower = slower;
        this.libraries = Arrays.stream(slower.getURLs()).map(Library::new).toList();
        this.packagesOfJava = ModuleLayer.boot().modules().stream()
                .flatMap(module -> module.getPackages().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether all that a loader loads is inside of a jar. */
    static boolean fits(URLClassLoader loader) {
        return Arrays.stream(loader.getURLs()).allMatch(url -> url.toString().startsWith("jar:nested:"));
    }

    /** Returns those of Spring Boot's loader: Tomcat looks there for static resources. */
    @Override
    public URL[] getURLs() {
        return slower.getURLs();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                String inPackage = name.substring(0, Math.max(0, name.lastIndexOf('.')));
                loaded = packagesOfJava.contains(inPackage) ? null : loadFromLibraries(name, inPackage);
            }
            return loaded == null ? slower.getParent().loadClass(name) : loaded;
        }
    }

    private @Nullable Class<?> loadFromLibraries(String name, String inPackage) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try {
            Library likely = lastOfPackage.get(inPackage);
            JarEntry entry = likely == null ? null : likely.jar().getJarEntry(file);
            if (likely != null && entry != null) {
                return define(name, inPackage, likely, entry);
            }
            for (Library library : libraries) {
                entry = library.jar().getJarEntry(file);
                if (entry != null) {
                    lastOfPackage.put(inPackage, library);
                    return define(name, inPackage, library, entry);
                }
            }
            return null;
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private Class<?> define(String name, String inPackage, Library library, JarEntry entry) throws IOException {
        if (getDefinedPackage(inPackage) == null) {
            definePackage(inPackage, library);
        }
        try (InputStream in = library.jar().getInputStream(entry)) {
            byte[] code = in.readAllBytes();
            return defineClass(name, code, 0, code.length, library.source);
        }
    }

    private void definePackage(String name, Library library) throws IOException {
        try {
            definePackage(name, library.jar().getManifest(), library.url);
        } catch (IllegalArgumentException e) {
            // Another thread was quicker.
        }
    }

    /** A jar inside of a jar, or the program's own classes there; opened at its first use. */
    private static final class Library {
        private final URL url;
        private final CodeSource source;
        private volatile @Nullable JarFile jar;

        Library(URL url) {
            this.url = url;
            this.source = new CodeSource(url, (CodeSigner[]) null);
        }

        JarFile jar() throws IOException {
            JarFile opened = jar;
            if (opened == null) {
                opened = ((JarURLConnection) url.openConnection()).getJarFile();
                jar = opened;
            }
            return opened;
        }
    }
}
