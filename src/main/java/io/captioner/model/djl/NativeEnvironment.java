package io.captioner.model.djl;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What Java cannot change of this process, so that the C library is called: the environment variables and the standard
 * error stream as native code uses them, and the program. Does nothing on Windows.
 */
public final class NativeEnvironment {
    private static final String ONE_DNN = "TF_ENABLE_ONEDNN_OPTS";
    private static final String LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL";
    private static final int STANDARD_ERROR = 2;
    private static final int WRITE_ONLY = 1;

    private NativeEnvironment() {}

    /** Sets a variable, before native code reads it; one that is set already changes only with {@code overwrite}. */
    static void set(String name, String value, boolean overwrite) {
        if (!Platform.isWindows()) {
            call("setenv", name, value, overwrite ? 1 : 0);
        }
    }

    /**
     * Has TensorFlow use the kernels of oneDNN on x86 processors of every make, as it does by itself only on some; a
     * variable that is set already counts. Must run before its library is loaded.
     */
    static void useOneDnn() {
        if (Platform.isIntel()) {
            set(ONE_DNN, "1", false);
        }
    }

    /** Sets TensorFlow's log level. Must run before its library is loaded. */
    public static void setLogLevel(Environment environment) {
        TensorFlowProperties properties =
                Binder.get(environment).bindOrCreate(TensorFlowProperties.PREFIX, TensorFlowProperties.class);
        boolean wanted = environment.containsProperty(TensorFlowProperties.LOG_LEVEL);
        set(LOG_LEVEL, properties.logLevel().variable(), wanted);
    }

    /**
     * Runs TensorFlow once, so that the lines that it logs only then, whatever its log level is, are dropped, unless
     * the level is {@code info}.
     */
    public static void silenceFirstRun() {
        withoutErrorStream(TensorFlowDevices::runFirst);
    }

    /**
     * Runs the action while nothing reaches the standard error stream, unless TensorFlow's log level is {@code info}.
     */
    static void withoutErrorStream(Runnable action) {
        if (Platform.isWindows()
                || TensorFlowProperties.LogLevel.INFO.variable().equals(logLevel())) {
            action.run();
            return;
        }
        int kept = call("dup", STANDARD_ERROR);
        int none = call("open", "/dev/null", WRITE_ONLY);
        try {
            call("dup2", none, STANDARD_ERROR);
            action.run();
        } finally {
            call("dup2", kept, STANDARD_ERROR);
            call("close", kept);
            call("close", none);
        }
    }

    /** Replaces this process, which keeps its number, by a command; returns only if that fails. */
    public static void execute(List<String> command) {
        if (!Platform.isWindows()) {
            call("execv", command.get(0), command.toArray(String[]::new));
        }
    }

    private static String logLevel() {
        return Function.getFunction("c", "getenv").invokeString(new Object[] {LOG_LEVEL}, false);
    }

    private static int call(String function, Object... arguments) {
        return Function.getFunction("c", function).invokeInt(arguments);
    }
}
