package io.captioner.training.decoder;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Which image each of the rows belongs to that a decoder advances at once: R rows, one for each hypothesis, of N
 * images. In [N, K, ...] each image has K places; one with fewer rows leaves places of no meaning.
 */
public interface RowLayout {
    /** Returns the rows by image, [N, K, width], from [R, width]. */
    Operand<TFloat32> byImage(Operand<TFloat32> rows);

    /** Returns the rows, [R, width], from [N, K, width]. */
    Operand<TFloat32> rows(Operand<TFloat32> byImage, int width);

    /** One row for each image. */
    static RowLayout single(Ops tf) {
        return new RowLayout() {
            @Override
            public Operand<TFloat32> byImage(Operand<TFloat32> rows) {
                return tf.expandDims(rows, tf.constant(1));
            }

            @Override
            public Operand<TFloat32> rows(Operand<TFloat32> byImage, int width) {
                return tf.reshape(byImage, tf.array(-1, width));
            }
        };
    }
}
