package io.captioner.training.weights;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import io.captioner.training.weights.NamedWeights.WeightValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * Tensors to Java arrays and back, in row-major order. Tensors that go in are read and stay the caller's; tensors that
 * come out are the caller's to close.
 */
public final class Tensors {
    private Tensors() {}

    /** Returns the values of a float32 tensor. */
    public static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.shape().size())];
        bytes(tensor, DataType.DT_FLOAT).asFloatBuffer().get(values);
        return values;
    }

    /** Returns the values of an int32 tensor. */
    public static int[] ints(Tensor tensor) {
        int[] values = new int[Math.toIntExact(tensor.shape().size())];
        bytes(tensor, DataType.DT_INT32).asIntBuffer().get(values);
        return values;
    }

    /** Returns the one value of a float32 scalar. */
    public static float scalar(Tensor tensor) {
        if (tensor.shape().size() != 1) {
            throw new IllegalArgumentException("bug: %s is no scalar".formatted(tensor.shape()));
        }
        return floats(tensor)[0];
    }

    /** Returns the bytes of a tensor as it lies in memory, whatever its type, in native byte order. */
    public static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
        tensor.asRawTensor().data().read(bytes);
        return bytes;
    }

    /** Returns a float32 tensor of these values. */
    public static TFloat32 of(Shape shape, float[] values) {
        return TFloat32.tensorOf(shape, DataBuffers.of(values, true, false));
    }

    /** Returns an int32 tensor of these values. */
    public static TInt32 of(Shape shape, int[] values) {
        return TInt32.tensorOf(shape, DataBuffers.of(values, true, false));
    }

    /** Returns a uint8 tensor of these values. */
    public static TUint8 of(Shape shape, byte[] values) {
        return TUint8.tensorOf(shape, DataBuffers.of(values, true, false));
    }

    /** Returns N captions as int32 [N, length + 1]: start, words, end, padding. */
    public static TInt32 captions(List<int[]> captions, int length) {
        int columns = length + 1;
        int[] values = new int[captions.size() * columns];
        for (int n = 0; n < captions.size(); n++) {
            int[] words = captions.get(n);
            values[n * columns] = Vocabulary.START;
            System.arraycopy(words, 0, values, n * columns + 1, words.length);
            values[n * columns + 1 + words.length] = Vocabulary.END;
        }
        return of(Shape.of(captions.size(), columns), values);
    }

    /** Returns N images of one size and one number of channels as uint8 [N, H, W, channels]. */
    public static TUint8 images(List<Pixels> images) {
        Pixels first = images.get(0);
        byte[] values = new byte[Math.multiplyExact(images.size(), first.rgb().length)];
        for (int n = 0; n < images.size(); n++) {
            System.arraycopy(images.get(n).rgb(), 0, values, n * first.rgb().length, first.rgb().length);
        }
        return of(Shape.of(images.size(), first.height(), first.width(), first.channels()), values);
    }

    /** Returns a source of weights by name, frozen as constants of a graph. */
    public static WeightSource constants(Ops tf, Map<String, float[]> weights) {
        return (name, shape) -> {
            float[] value = weights.get(name);
            if (value == null) {
                throw new IllegalArgumentException("bug: no weight is called " + name);
            }
            return tf.withName(constantName(name)).constant(Shape.of(shape), DataBuffers.of(value, true, false));
        };
    }

    /** Returns the name of a weight's constant in a graph, without that of its network. */
    public static String constantName(String weight) {
        return weight.replace('/', '.');
    }

    /** Returns the number that 16 bits are in half precision; Java has this itself from version 20 on. */
    public static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float small = fraction * 0x1p-24f;
            return sign == 0 ? small : -small;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 127 - 15;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /**
     * Returns values with their axes in another order.
     *
     * @param axes the old axis of each new one
     */
    public static WeightValues transposed(WeightValues values, int... axes) {
        int rank = axes.length;
        long[] old = values.shape().asArray();
        long[] sizes = new long[rank];
        int[] steps = new int[rank];
        int[] strides = new int[rank];
        int step = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= Math.toIntExact(old[axis]);
        }
        for (int axis = 0; axis < rank; axis++) {
            sizes[axis] = old[axes[axis]];
            steps[axis] = strides[axes[axis]];
        }
        float[] result = new float[values.values().length];
        int[] place = new int[rank];
        int from = 0;
        for (int to = 0; to < result.length; to++) {
            result[to] = values.values()[from];
            for (int axis = rank - 1; axis >= 0; axis--) {
                from += steps[axis];
                if (++place[axis] < sizes[axis]) {
                    break;
                }
                from -= place[axis] * steps[axis];
                place[axis] = 0;
            }
        }
        return new WeightValues(Shape.of(sizes), result);
    }

    /** Returns x without its axis of length 1. */
    public static <T extends TType> Operand<T> squeeze(Ops tf, Operand<T> x, long axis) {
        return tf.squeeze(x, Squeeze.axis(List.of(axis)));
    }

    private static ByteBuffer bytes(Tensor tensor, DataType expected) {
        if (tensor.dataType() != expected) {
            throw new IllegalArgumentException("bug: a tensor of %s read as %s".formatted(tensor.dataType(), expected));
        }
        return ByteBuffer.wrap(bytes(tensor)).order(ByteOrder.nativeOrder());
    }
}
