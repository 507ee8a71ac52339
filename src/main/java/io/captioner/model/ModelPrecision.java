package io.captioner.model;

/** What a model computes in. */
public enum ModelPrecision {
    /**
     * Single precision, which its golden answers were computed in; on a GPU of Ampere or later TensorFlow takes TF32.
     */
    FLOAT32,
    /** Convolutions and matrix products in half precision: float16 on a GPU, bfloat16 on the CPU. */
    MIXED
}
