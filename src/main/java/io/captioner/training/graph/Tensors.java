package io.captioner.training.graph;

import io.captioner.text.Vocabulary;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Tensors to Java arrays, and captions to tensors. */
public final class Tensors {
    private Tensors() {}

    /** Copies a float32 tensor, row-major. */
    public static float[] floats(Tensor tensor) {
        TFloat32 floats = (TFloat32) tensor;
        float[] values = new float[Math.toIntExact(floats.size())];
        floats.copyTo(DataBuffers.of(values, false, false));
        return values;
    }

    /** Copies an int32 tensor, row-major. */
    public static int[] ints(Tensor tensor) {
        TInt32 ints = (TInt32) tensor;
        int[] values = new int[Math.toIntExact(ints.size())];
        ints.copyTo(DataBuffers.of(values, false, false));
        return values;
    }

    /** Returns N captions as [N, length + 1]: start, words, end, padding. The caller closes it. */
    static TInt32 captions(List<int[]> captions, int length) {
        int columns = length + 1;
        int[] values = new int[captions.size() * columns];
        for (int n = 0; n < captions.size(); n++) {
            int[] words = captions.get(n);
            values[n * columns] = Vocabulary.START;
            System.arraycopy(words, 0, values, n * columns + 1, words.length);
            values[n * columns + 1 + words.length] = Vocabulary.END;
        }
        return TInt32.tensorOf(Shape.of(captions.size(), columns), DataBuffers.of(values, false, false));
    }
}
