package io.captioner.training.graph;

import io.captioner.training.decoder.RowLayout;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The open hypotheses of M images with K hypotheses each: R rows, in the order of their places among M * K. By image
 * they lie in as many places as the image with the most of them has.
 */
final class OpenRows implements RowLayout {
    private final Ops tf;
    private final Operand<TInt32> places;
    private final Operand<TInt32> before;
    private final Operand<TInt32> imageOfRow;
    private final Operand<TInt32> rowOfSlot;
    private final Operand<TInt32> slotOfRow;

    /**
     * Adds what both directions need.
     *
     * @param places of the rows, [R]; see {@link #places(Ops, Operand)}
     * @param done [M, K]
     * @param beamWidth K
     */
    OpenRows(Ops tf, Operand<TInt32> places, Operand<TBool> done, Operand<TInt32> beamWidth) {
        this.tf = tf;
        this.places = places;
        Operand<TInt32> zero = tf.constant(0);
        Operand<TInt32> open = tf.dtypes.cast(tf.math.logicalNot(done), TInt32.class); // [M, K]
        this.before = tf.math.cumsum(tf.reshape(open, tf.array(-1)), zero, Cumsum.exclusive(true)); // [M * K]
        Operand<TInt32> firstOfImage =
                tf.slice(tf.reshape(before, tf.shape(done)), tf.array(0, 0), tf.array(-1, 1)); // [M, 1]
        Operand<TInt32> width = tf.max(tf.sum(open, tf.constant(1)), zero); // []
        Operand<TInt32> count = tf.size(places);
        this.rowOfSlot = tf.math.minimum(
                tf.math.add(firstOfImage, tf.range(zero, width, tf.constant(1))),
                tf.math.sub(count, tf.constant(1))); // [M, width]
        this.imageOfRow = tf.math.div(places, beamWidth); // [R]
        Operand<TInt32> rankInImage = tf.math.sub(
                tf.range(zero, count, tf.constant(1)),
                tf.gather(tf.reshape(firstOfImage, tf.array(-1)), imageOfRow, zero));
        this.slotOfRow = tf.math.add(tf.math.mul(imageOfRow, width), rankInImage); // [R]
    }

    /** Returns the places of the open hypotheses, [R], in ascending order. */
    static Operand<TInt32> places(Ops tf, Operand<TBool> done) {
        return tf.dtypes.cast(
                tf.squeeze(tf.where(tf.reshape(tf.math.logicalNot(done), tf.array(-1))), Squeeze.axis(List.of(1L))),
                TInt32.class);
    }

    /**
     * Returns the words so far of each row, padded, [R, S].
     *
     * @param places as {@link #places} has them, [R]
     * @param history where each word of a hypothesis was written, [M, K, S]
     * @param tokens what was written
     * @param steps S, []
     */
    static Operand<TInt32> past(
            Ops tf, Operand<TInt32> places, Operand<TInt32> history, Operand<TInt32> tokens, Operand<TInt32> steps) {
        Operand<TInt32> flat = tf.reshape(history, tf.stack(List.of(tf.constant(-1), steps)));
        return tf.gather(tf.reshape(tokens, tf.array(-1)), tf.gather(flat, places, tf.constant(0)), tf.constant(0));
    }

    /** Returns the place of each row among M * K, [R]. */
    Operand<TInt32> places() {
        return places;
    }

    /** Returns the row of each place, of no meaning where the hypothesis there has ended: [M * K]. */
    Operand<TInt32> rowOfPlace() {
        return before;
    }

    /** Returns which of the M images each row is of, [R]. */
    Operand<TInt32> images() {
        return imageOfRow;
    }

    @Override
    public Operand<TFloat32> byImage(Operand<TFloat32> rows) {
        return tf.gather(rows, rowOfSlot, tf.constant(0));
    }

    @Override
    public Operand<TFloat32> rows(Operand<TFloat32> byImage, int width) {
        return tf.gather(tf.reshape(byImage, tf.array(-1, width)), slotOfRow, tf.constant(0));
    }
}
