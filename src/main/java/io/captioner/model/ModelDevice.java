package io.captioner.model;

/** Where a model runs. */
public enum ModelDevice {
    /** On the GPUs that TensorFlow sees, if they are verified to run the model; else on the CPU, with a warning. */
    AUTO,
    /** On the CPU, also where there is a GPU. */
    CPU,
    /** On the GPUs that TensorFlow sees; loading fails where there is none, or where one does not run the model. */
    GPU
}
