package io.captioner.model.djl;

import com.sun.jna.Function;
import com.sun.jna.Platform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The environment variables of this process as native code reads them. Java cannot change them, so the C library is
 * called; this must happen before the native code reads them.
 */
public final class NativeEnvironment {
    private static final String ONE_DNN = "TF_ENABLE_ONEDNN_OPTS";
    private static final String LOG_LEVEL = "TF_CPP_MIN_LOG_LEVEL";

    private NativeEnvironment() {}

    /** Sets a variable; one that is set already changes only with {@code overwrite}. */
    static void set(String name, String value, boolean overwrite) {
        if (!Platform.isWindows()) {
            Function.getFunction("c", "setenv").invokeInt(new Object[] {name, value, overwrite ? 1 : 0});
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
}
