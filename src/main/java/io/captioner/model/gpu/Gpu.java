package io.captioner.model.gpu;

/**
 * A GPU that TensorFlow can use.
 *
 * @param index its number in TensorFlow's list, and CUDA's among those that the process may see
 * @param name what its driver calls it, or the empty string
 */
public record Gpu(int index, String name) {
    /** Returns the name as in {@code gpu:0 (NVIDIA H200)}. */
    @Override
    public String toString() {
        return name.isEmpty() ? "gpu:" + index : "gpu:%d (%s)".formatted(index, name);
    }

    /** Returns the name that nodes of a graph call it by. */
    public String device() {
        return "/device:GPU:" + index;
    }
}
