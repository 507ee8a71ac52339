package io.captioner.training.weights.pytorch;

import io.captioner.training.weights.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The types of a storage's elements, by the names of PyTorch's classes. */
enum ElementType {
    FLOAT("FloatStorage", 4),
    DOUBLE("DoubleStorage", 8),
    HALF("HalfStorage", 2),
    BFLOAT16("BFloat16Storage", 2),
    LONG("LongStorage", 8),
    INT("IntStorage", 4),
    SHORT("ShortStorage", 2),
    CHAR("CharStorage", 1),
    BYTE("ByteStorage", 1),
    BOOL("BoolStorage", 1);

    private final String label;
    final int bytes;

    ElementType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** Returns the type of a class such as {@code torch.FloatStorage} or {@code torch.cuda.FloatStorage}. */
    static Optional<ElementType> of(String type) {
        String name = type.substring(type.lastIndexOf('.') + 1);
        return type.startsWith("torch.")
                ? Arrays.stream(values()).filter(one -> one.label.equals(name)).findFirst()
                : Optional.empty();
    }

    /** Returns the element at that index. */
    float at(ByteBuffer elements, int index) {
        return switch (this) {
            case FLOAT -> elements.getFloat(index * bytes);
            case DOUBLE -> (float) elements.getDouble(index * bytes);
            case HALF -> Tensors.half(elements.getShort(index * bytes));
            case BFLOAT16 -> Float.intBitsToFloat(elements.getShort(index * bytes) << 16);
            case LONG -> elements.getLong(index * bytes);
            case INT -> elements.getInt(index * bytes);
            case SHORT -> elements.getShort(index * bytes);
            case CHAR -> elements.get(index);
            case BYTE, BOOL -> elements.get(index) & 0xff;
        };
    }
}
