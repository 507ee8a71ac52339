package io.captioner.model.djl;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How TensorFlow itself runs: {@code captioner.tensorflow.*}.
 *
 * @param logLevel least severe of TensorFlow's own lines that are written to the standard error stream: {@code info}
 *     tells of devices and instructions it uses, {@code warning}, {@code error} or {@code fatal}. Unset, the
 *     environment variable {@code TF_CPP_MIN_LOG_LEVEL} counts, and without it {@code error}. Has no effect on Windows
 */
@ConfigurationProperties(TensorFlowProperties.PREFIX)
record TensorFlowProperties(@DefaultValue("error") LogLevel logLevel) {
    static final String PREFIX = "captioner.tensorflow";
    static final String LOG_LEVEL = PREFIX + ".log-level";

    /** The least severe of TensorFlow's own lines that are written to the standard error stream. */
    enum LogLevel {
        INFO,
        WARNING,
        ERROR,
        /** Only what ends the process. */
        FATAL;

        /** Returns the level as the environment variable {@code TF_CPP_MIN_LOG_LEVEL} has it. */
        String variable() {
            return Integer.toString(ordinal());
        }
    }
}
