package io.captioner.training.weights.pytorch;

import java.util.List;
import org.tensorflow.ndarray.Shape;

/**
 * A tensor of a PyTorch file: a view of a storage, whose values stay in the file. Equal to itself only, as PyTorch's
 * tensors are where they are keys.
 */
@SuppressWarnings("ClassCanBeRecord") // identity, not values, makes it a key
public final class TensorView {
    private final Storage storage;
    private final long offset;
    private final long[] sizes;
    private final long[] strides;

    /**
     * A part of a file that holds the values of tensors.
     *
     * @param key names it in the file
     * @param type of its elements
     * @param start the element of the stored ones at which it begins
     * @param count its elements
     */
    record Storage(String key, ElementType type, long start, long count) {}

    /**
     * A view.
     *
     * @param offset its first element in the storage
     * @throws IllegalArgumentException if it reaches beyond the storage
     */
    TensorView(Storage storage, long offset, List<Long> sizes, List<Long> strides) {
        this.storage = storage;
        this.offset = offset;
        this.sizes = sizes.stream().mapToLong(Long::longValue).toArray();
        this.strides = strides.stream().mapToLong(Long::longValue).toArray();
        check();
    }

    private void check() {
        if (sizes.length != strides.length || sizes.length > 8 || offset < 0) {
            throw new IllegalArgumentException(
                    "%d sizes, %d strides, offset %d".formatted(sizes.length, strides.length, offset));
        }
        long last = offset;
        long elements = 1;
        try {
            for (int i = 0; i < sizes.length; i++) {
                if (sizes[i] < 0 || strides[i] < 0) {
                    throw new IllegalArgumentException("size %d with stride %d".formatted(sizes[i], strides[i]));
                }
                elements = Math.multiplyExact(elements, sizes[i]);
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, sizes[i] - 1), strides[i]));
            }
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a tensor of more than 2^63 values", e);
        }
        if (elements > 0 && last >= storage.count()) {
            throw new IllegalArgumentException(
                    "a tensor reaches element %d of a storage of %d".formatted(last, storage.count()));
        }
    }

    /** Returns its shape. */
    public Shape shape() {
        return Shape.of(sizes);
    }

    Storage storage() {
        return storage;
    }

    long offset() {
        return offset;
    }

    /** Returns whether its values lie one after another, row by row. */
    boolean isRowMajor() {
        long step = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            if (sizes[axis] > 1 && strides[axis] != step) {
                return false;
            }
            step *= sizes[axis];
        }
        return true;
    }

    long stride(int axis) {
        return strides[axis];
    }
}
