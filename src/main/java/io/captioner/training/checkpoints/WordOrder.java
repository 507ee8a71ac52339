package io.captioner.training.checkpoints;

import io.captioner.text.Vocabulary;
import io.captioner.training.weights.NamedWeights.WeightValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * The ids of a checkpoint in the order of the bundle's vocabulary: the special tokens first, then the words, then the
 * ids that are no words.
 *
 * @param vocabulary of the bundle
 * @param theirs the checkpoint's id of each of the bundle's; -1 for one that it has not
 * @param rows ids of the checkpoint, words or not
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WordOrder(Vocabulary vocabulary, int[] theirs, int rows) {
    private static final int ABSENT = -1;

    /**
     * Orders words.
     *
     * @param words of the checkpoint by id
     * @param rows ids that its network knows, at least as many as there are words; those beyond are no words
     * @throws IllegalArgumentException if there are more words than rows, or fewer than one
     */
    static WordOrder of(WordList words, int rows) {
        if (words.words().size() > rows) {
            throw new IllegalArgumentException(
                    "the vocabulary has %d words, but the network %d: name the vocabulary that was beside the checkpoint"
                            .formatted(words.words().size(), rows));
        }
        List<Integer> order = new ArrayList<>();
        List<Integer> unused = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>(List.of("<pad>", "<start>", "<end>", "<unk>"));
        for (int id = 0; id < rows; id++) {
            if (words.isSpecial(id)) {
                continue;
            }
            String word = id < words.words().size() ? words.words().get(id) : "";
            if (!word.isBlank() && word.equals(word.strip()) && word.lines().count() == 1 && seen.add(word)) {
                order.add(id);
                names.add(word);
            } else {
                unused.add(id);
            }
        }
        int padding = words.padding() >= 0 ? words.padding() : unused.isEmpty() ? ABSENT : unused.remove(0);
        List<Integer> all = new ArrayList<>(List.of(padding, words.start(), words.end(), words.unknown()));
        all.addAll(order);
        for (int id : unused) {
            all.add(id);
            names.add(Vocabulary.unused(id));
        }
        return new WordOrder(
                Vocabulary.ofWords(names),
                all.stream().mapToInt(Integer::intValue).toArray(),
                rows);
    }

    /** Returns rows in the bundle's order. */
    WeightValues rows(WeightValues value, float fill) {
        long[] sizes = value.shape().asArray();
        if (sizes.length == 0 || sizes[0] != rows) {
            throw new IllegalArgumentException("%s has not a row for each of %d ids".formatted(value.shape(), rows));
        }
        int width = value.values().length / rows;
        float[] ordered = new float[theirs.length * width];
        for (int row = 0; row < theirs.length; row++) {
            if (theirs[row] == ABSENT) {
                Arrays.fill(ordered, row * width, (row + 1) * width, fill);
            } else {
                System.arraycopy(value.values(), theirs[row] * width, ordered, row * width, width);
            }
        }
        sizes[0] = theirs.length;
        return new WeightValues(Shape.of(sizes), ordered);
    }

    /** Returns columns, the last axis, in the bundle's order. */
    WeightValues columns(WeightValues value, float fill) {
        long[] sizes = value.shape().asArray();
        if (sizes.length == 0 || sizes[sizes.length - 1] != rows) {
            throw new IllegalArgumentException("%s has not a column for each of %d ids".formatted(value.shape(), rows));
        }
        int lines = value.values().length / rows;
        float[] ordered = new float[lines * theirs.length];
        for (int line = 0; line < lines; line++) {
            for (int column = 0; column < theirs.length; column++) {
                ordered[line * theirs.length + column] =
                        theirs[column] == ABSENT ? fill : value.values()[line * rows + theirs[column]];
            }
        }
        sizes[sizes.length - 1] = theirs.length;
        return new WeightValues(Shape.of(sizes), ordered);
    }
}
