package io.captioner;

import io.captioner.model.djl.NativeEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program as {@code fast-start.sh} lays it out beside its jar, with a cache of what Java loads at a start. Java
 * reads no classes of jars inside of a jar from a cache, so {@code java -jar} goes on as this program where it is
 * there.
 */
final class LaidOutProgram {
    private static final String SUFFIX = ".jar";
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
        String name = jar.toString();
        if (!name.endsWith(SUFFIX) || options.stream().anyMatch(LaidOutProgram::isAgent)) {
            return List.of();
        }
        Path directory = Path.of(name.substring(0, name.length() - SUFFIX.length()));
        Path own = directory.resolve("java.options");
        if (!Files.exists(own)
                || !Files.getLastModifiedTime(own).equals(Files.getLastModifiedTime(jar))
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

    /** An agent has taken its ports and files, and could not do so again. */
    private static boolean isAgent(String option) {
        return option.startsWith("-agent") || option.startsWith("-javaagent");
    }
}
