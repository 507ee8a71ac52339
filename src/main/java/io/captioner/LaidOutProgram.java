package io.captioner;

import io.captioner.model.djl.NativeEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The program as {@code fast-start.sh} lays it out beside its jar, with a cache of what Java loads at a start. Java
 * reads no classes of jars inside of a jar from a cache, so {@code java -jar} goes on as this program where it is
 * there.
 */
final class LaidOutProgram {
    private static final String SUFFIX = ".jar";
    private static final String OPTIONS = "java.options";
    private static final int FIRST_WITH_AOT_CACHE = 25;

    private LaidOutProgram() {}

    /**
     * Replaces this process, which keeps its number, by the laid-out program, with the same options of Java. Returns
     * where there is none, where it was laid out of another jar, and on Windows.
     */
    static void replaceProcess(String[] arguments) {
        try {
            List<String> command = command(
                    Path.of(System.getProperty("java.class.path")),
                    Runtime.version().feature(),
                    ManagementFactory.getRuntimeMXBean().getInputArguments(),
                    arguments);
            if (!command.isEmpty()) {
                NativeEnvironment.execute(command);
            }
        } catch (IOException | LinkageError e) {
            // It starts from the jar.
        }
    }

    /**
     * Returns the command that starts the laid-out program, empty if there is none that fits.
     *
     * @param jar the jar that was started
     * @param release the release of Java
     * @param options the options of Java that it was started with
     */
    static List<String> command(Path jar, int release, List<String> options, String... arguments) throws IOException {
        if (!jar.toString().endsWith(SUFFIX) || options.stream().anyMatch(LaidOutProgram::isAgent)) {
            return List.of();
        }
        Path directory = directory(jar);
        Path own = directory.resolve(OPTIONS);
        if (!Files.exists(own)
                || isOfAnotherJar(jar)
                || (release < FIRST_WITH_AOT_CACHE && Files.exists(directory.resolve("captioner.aot")))) {
            return List.of();
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + own);
        command.addAll(options);
        command.add("-jar");
        command.add(directory.resolve("captioner.jar").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Warns if a program lies beside the jar that was started, but was laid out of another one.
     *
     * @param classPath the jar, or what else Java was started with
     */
    static void warnIfOfAnotherJar(String classPath) {
        try {
            Path jar = Path.of(classPath);
            if (jar.toString().endsWith(SUFFIX) && isOfAnotherJar(jar)) {
                LoggerFactory.getLogger(LaidOutProgram.class)
                        .warn(
                                "{} was not used for a fast start: it was laid out of another {}. Run src/main/docker/fast-start.sh again, or delete it",
                                directory(jar),
                                jar);
            }
        } catch (IOException | InvalidPathException e) {
            // It was no jar, or is gone.
        }
    }

    /** Returns whether the program beside a jar was laid out of another one, as before the jar was built again. */
    private static boolean isOfAnotherJar(Path jar) throws IOException {
        Path own = directory(jar).resolve(OPTIONS);
        return Files.exists(own) && !Files.getLastModifiedTime(own).equals(Files.getLastModifiedTime(jar));
    }

    /** Returns the jar's path without its ending. */
    private static Path directory(Path jar) {
        String name = jar.toString();
        return Path.of(name.substring(0, name.length() - SUFFIX.length()));
    }

    /** An agent has taken its ports and files, and could not do so again. */
    private static boolean isAgent(String option) {
        return option.startsWith("-agent") || option.startsWith("-javaagent");
    }
}
