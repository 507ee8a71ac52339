package io.captioner.model.djl;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/**
 * Where DJL finds TensorFlow's native libraries: an unpacked directory that the operator names, or else the jar on the
 * class path, which JavaCPP unpacks into its cache. Nothing is downloaded, and no usage data is sent.
 */
final class NativeLibraries {
    private static final String LIBRARY_PATH = "TENSORFLOW_LIBRARY_PATH";

    private NativeLibraries() {}

    /**
     * Must run before the first use of DJL's engine.
     *
     * @throws IllegalStateException if the natives of this platform are not found
     */
    static synchronized void prepare() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        String library = System.mapLibraryName("jnitensorflow");
        if (holds(System.getenv(LIBRARY_PATH), library)
                || holds(System.getProperty(LIBRARY_PATH), library)
                || holds(System.getProperty("java.library.path"), library)) {
            return;
        }
        System.setProperty(LIBRARY_PATH, unpack(Loader.getPlatform(), library));
    }

    /** Returns the directory that the library is unpacked into, that for GPUs if there is one. */
    static String unpack(String platform, String library) {
        String resource = resource(platform + "-gpu", library);
        if (NativeLibraries.class.getResource(resource) == null) {
            resource = resource(platform, library);
        }
        try {
            if (NativeLibraries.class.getResource(resource) == null) {
                throw new IllegalStateException(("TensorFlow's natives for %s are not on the class path: build with"
                                + " -Dtensorflow.natives=%s, or unpack them and set %s to their directory")
                        .formatted(platform, platform, LIBRARY_PATH));
            }
            return Loader.cacheResource(NativeLibraries.class, resource)
                    .getAbsoluteFile()
                    .getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "TensorFlow's natives cannot be unpacked: give org.bytedeco.javacpp.cachedir 2 GB to write to", e);
        }
    }

    private static String resource(String platform, String library) {
        return "/org/tensorflow/internal/c_api/" + platform + "/" + library;
    }

    private static boolean holds(@Nullable String path, String library) {
        return path != null
                && Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                        .splitAsStream(path)
                        .anyMatch(directory -> !directory.isEmpty()
                                && Files.isRegularFile(Path.of(directory).resolve(library)));
    }
}
