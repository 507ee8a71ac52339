package io.captioner.model.djl;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The environment variables of this process as native code reads them. Java has a copy from its start and cannot change
 * them, so the C library is asked to; it must be before the native code has read them.
 */
public final class NativeEnvironment {
    private static final Logger log = LoggerFactory.getLogger(NativeEnvironment.class);
    private static final String LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL";
    private static final String FRAMEWORK = "libtensorflow_framework.so.2";

    /** {@code absl::SetMinLogLevel}; its threshold of the standard error stream counts only after InitializeLog. */
    private static final String SET_MIN_LOG_LEVEL = "_ZN4absl12lts_2023080214SetMinLogLevelENS0_18LogSeverityAtLeastE";

    private NativeEnvironment() {}

    /** Sets a variable; one that the process was started with stays unless it may be overwritten. */
    static void set(String name, String value, boolean overwrite) {
        if (!Platform.isWindows()) {
            Function.getFunction("c", "setenv").invokeInt(new Object[] {name, value, overwrite ? 1 : 0});
        }
    }

    /** Returns a variable as native code reads it; empty if it is not set. */
    private static String variable(String name) {
        Object value = Platform.isWindows()
                ? null
                : Function.getFunction("c", "getenv").invoke(String.class, new Object[] {name});
        return value == null ? "" : value.toString();
    }

    /**
     * Sets how much TensorFlow writes of itself. Must run before its library is loaded, and {@link #setAbseilLogLevel} after
     * it.
     */
    public static void setLogLevel(Environment environment) {
        TensorFlowProperties properties =
                Binder.get(environment).bindOrCreate(TensorFlowProperties.PREFIX, TensorFlowProperties.class);
        boolean wanted = environment.containsProperty(TensorFlowProperties.LOG_LEVEL);
        set(LOG_LEVEL, properties.logLevel().variable(), wanted);
    }

    /**
     * Gives Abseil, the part of TensorFlow's library that does not read the environment variable, the same level. Must
     * run when the library is loaded; does nothing where the library does not export the function.
     */
    static void setAbseilLogLevel() {
        String level = variable(LOG_LEVEL);
        if (level.matches("[0-3]")) {
            try {
                NativeLibrary.getInstance(FRAMEWORK)
                        .getFunction(SET_MIN_LOG_LEVEL)
                        .invokeVoid(new Object[] {Integer.valueOf(level)});
            } catch (UnsatisfiedLinkError another) { // another version, or another system: its lines stay
                log.debug("Abseil writes all its lines: {}", another.getMessage());
            }
        }
    }
}
