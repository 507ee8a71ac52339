package io.captioner.model.djl;

/** The least severe of TensorFlow's own lines that are written to the standard error stream. */
enum TensorFlowLogLevel {
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
