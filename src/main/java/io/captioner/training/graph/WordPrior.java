package io.captioner.training.graph;

import io.captioner.model.Neighbours;
import io.captioner.model.TrainingPhotos;
import io.captioner.text.Vocabulary;
import io.captioner.training.weights.Tensors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * What is added to the logits of words: {@value #WEIGHT} times the logarithm of how much more often the captions of the
 * {@value #NEAREST} training photos that are most like an image have a word than all captions do. Words that they do
 * not have lose, down to a share of {@value #LEAST}.
 */
final class WordPrior {
    private static final int NEAREST = 60;
    private static final float WEIGHT = 0.4f;
    private static final float LEAST = 0.01f;

    private final TrainingPhotos photos;
    private final Neighbours neighbours;
    private final int vocabulary;

    /**
     * @param vocabulary V
     * @throws IllegalArgumentException if nothing is known of what people wrote of the photos
     */
    WordPrior(TrainingPhotos photos, int vocabulary) {
        Neighbours known = photos.neighbours();
        if (known == null) {
            throw new IllegalArgumentException("bug: a prior of the words of captions that are not there");
        }
        this.photos = photos;
        this.neighbours = known;
        this.vocabulary = vocabulary;
    }

    /**
     * Returns what is added, [N, V].
     *
     * @param features mean annotation vectors, [N, D]
     */
    Operand<TFloat32> logits(Ops tf, Operand<TFloat32> features) {
        TopK<TFloat32, TInt32> near = nearest(tf, features);
        Operand<TFloat32> shares = tf.nn.softmax(tf.math.mul(near.values(), tf.constant((float) Neighbours.SHARPNESS)));
        Operand<TFloat32> ofCaption = tf.math.mul(
                shares, tf.gather(tf.constant(sharesOfCaptions()), near.indices(), tf.constant(0))); // [N, near]
        Operand<TInt32> words = tf.gather(words(tf), near.indices(), tf.constant(0)); // [N, near, W]
        Operand<TInt32> size = tf.constant(vocabulary);
        Operand<TInt32> images = tf.gather(tf.shape(features), tf.constant(0), tf.constant(0));
        Operand<TInt32> offsets =
                tf.reshape(tf.math.mul(tf.range(tf.constant(0), images, tf.constant(1)), size), tf.array(-1, 1, 1));
        Operand<TFloat32> counted = tf.math.unsortedSegmentSum(
                tf.broadcastTo(tf.expandDims(ofCaption, tf.constant(2)), tf.shape(words)),
                tf.math.add(words, offsets),
                tf.math.mul(images, size));
        Operand<TFloat32> share = tf.reshape(counted, tf.stack(List.of(images, size))); // [N, V]
        float[] usual = new float[vocabulary];
        float[] weights = new float[vocabulary];
        float[] ofAll = sharesOfAll();
        for (int word = Vocabulary.UNKNOWN + 1; word < vocabulary; word++) {
            usual[word] = (float) Math.log(ofAll[word] + LEAST);
            weights[word] = WEIGHT;
        }
        return tf.math.mul(
                tf.math.sub(tf.math.log(tf.math.add(share, tf.constant(LEAST))), tf.constant(usual)),
                tf.constant(weights));
    }

    /** Returns the training photos whose directions have the largest cosines with those of the images, [N, near]. */
    private TopK<TFloat32, TInt32> nearest(Ops tf, Operand<TFloat32> features) {
        float[][] projection = photos.familiarity().projection(); // [D][K]
        byte[][] rounded = neighbours.directions();
        Operand<TFloat32> directions;
        try (TUint8 stored = Tensors.of(Shape.of(rounded.length, rounded[0].length), unsigned(rounded))) {
            directions = tf.math.sub(
                    tf.dtypes.cast(tf.constantOf(stored), TFloat32.class), tf.constant((float) Neighbours.SCALE));
        }
        Operand<TFloat32> along = tf.linalg.matMul(
                tf.math.sub(features, tf.constant(photos.familiarity().mean())), tf.constant(projection)); // [N, K]
        Operand<TFloat32> squares = tf.sum(tf.math.square(along), tf.constant(1), Sum.keepDims(true));
        Operand<TFloat32> unit =
                tf.math.mul(along, tf.math.rsqrt(tf.math.maximum(squares, tf.constant(Float.MIN_NORMAL))));
        return tf.nn.topK(
                tf.math.div(tf.linalg.matMul(unit, directions, MatMul.transposeB(true)), tf.constant((float)
                        Neighbours.SCALE)),
                tf.constant(Math.min(NEAREST, rounded.length)),
                TInt32.class);
    }

    /** Returns the values of a matrix plus {@link Neighbours#SCALE}, which has no value below its negative. */
    private static byte[] unsigned(byte[][] matrix) {
        ByteBuffer values = ByteBuffer.allocate(matrix.length * matrix[0].length);
        for (byte[] row : matrix) {
            for (byte value : row) {
                values.put((byte) (value + Neighbours.SCALE));
            }
        }
        return values.array();
    }

    /** Returns the different words of each caption of each photo, one behind the other, padded, [photos, W]. */
    private Operand<TInt32> words(Ops tf) {
        int[][] words = Arrays.stream(neighbours.captions())
                .map(captions -> Arrays.stream(captions)
                        .flatMapToInt(caption -> Arrays.stream(caption).distinct())
                        .toArray())
                .toArray(int[][]::new);
        int most =
                Arrays.stream(words).mapToInt(ofPhoto -> ofPhoto.length).max().orElse(0);
        return tf.constant(Arrays.stream(words)
                .map(ofPhoto -> Arrays.copyOf(ofPhoto, most))
                .toArray(int[][]::new));
    }

    /** Returns the mean share of a photo's captions that have a word, [V]. */
    private float[] sharesOfAll() {
        float[] shares = new float[vocabulary];
        int[][][] captions = neighbours.captions();
        for (int[][] ofPhoto : captions) {
            for (int[] caption : ofPhoto) {
                Arrays.stream(caption)
                        .distinct()
                        .forEach(word -> shares[word] += 1f / ofPhoto.length / captions.length);
            }
        }
        return shares;
    }

    /** Returns what a caption counts of its photo's, [photos]. */
    private float[] sharesOfCaptions() {
        int[][][] captions = neighbours.captions();
        float[] shares = new float[captions.length];
        for (int photo = 0; photo < shares.length; photo++) {
            shares[photo] = 1f / captions[photo].length;
        }
        return shares;
    }
}
