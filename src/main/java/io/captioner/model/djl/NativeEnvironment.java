package io.captioner.model.djl;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The environment variables of this process as native code reads them. Java has a copy from its start and cannot change
 * them, so the C library is asked to; it must be before the native code has read them.
 */
public final class NativeEnvironment {
    private static final String LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL";

    private NativeEnvironment() {}

    /** Sets a variable; one that the process was started with stays unless it may be overwritten. */
    static void set(String name, String value, boolean overwrite) {
        if (!Platform.isWindows()) {
            Function.getFunction("c", "setenv").invokeInt(new Object[] {name, value, overwrite ? 1 : 0});
        }
    }

    /** Sets how much TensorFlow writes of itself. Must run before its library is loaded. */
    public static void setLogLevel(Environment environment) {
        TensorFlowProperties properties =
                Binder.get(environment).bindOrCreate(TensorFlowProperties.PREFIX, TensorFlowProperties.class);
        boolean wanted = environment.containsProperty(TensorFlowProperties.LOG_LEVEL);
        set(LOG_LEVEL, properties.logLevel().variable(), wanted);
    }
}
