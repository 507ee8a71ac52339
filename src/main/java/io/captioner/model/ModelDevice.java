package io.captioner.model;

/** Where a model runs. */
public enum ModelDevice {
    /** On a GPU when TensorFlow sees one, else on the CPU. */
    AUTO,
    /** On the CPU, also where there is a GPU. */
    CPU,
    /** On a GPU; loading fails where TensorFlow sees none. */
    GPU
}
