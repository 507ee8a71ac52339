package io.captioner.model.djl;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/**
 * The captions that one run of the score signature follows, each a row of tokens.
 *
 * @param images the images that the rows are of, each once
 * @param imageIndex the place among the images that each row is of, [M]
 * @param tokens words, END, PAD; [M, T] row-major
 * @param steps T, the words of the longest caption and the end
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the device once
record ScoreRows(List<Pixels> images, int[] imageIndex, int[] tokens, int steps) {
    /**
     * Divides captions into runs, in order.
     *
     * @param captions of each image, as word ids
     * @param mostRows most captions in a run
     * @param mostWords most words of a caption
     * @throws IllegalArgumentException if an image has no captions, or a caption is none of the vocabulary
     */
    static List<ScoreRows> of(
            List<Pixels> images, List<List<int[]>> captions, int mostRows, int mostWords, Vocabulary vocabulary) {
        if (captions.size() != images.size() || captions.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException(
                    "bug: captions of %d images for %d images".formatted(captions.size(), images.size()));
        }
        List<ScoreRows> runs = new ArrayList<>();
        List<Integer> imageOfRow = new ArrayList<>();
        List<int[]> rows = new ArrayList<>();
        for (int image = 0; image < images.size(); image++) {
            for (int[] caption : captions.get(image)) {
                requireWords(caption, mostWords, vocabulary);
                if (rows.size() == mostRows) {
                    runs.add(of(images, imageOfRow, rows));
                    imageOfRow.clear();
                    rows.clear();
                }
                imageOfRow.add(image);
                rows.add(caption);
            }
        }
        runs.add(of(images, imageOfRow, rows));
        return runs;
    }

    private static ScoreRows of(List<Pixels> images, List<Integer> imageOfRow, List<int[]> rows) {
        int first = imageOfRow.get(0);
        int last = imageOfRow.get(imageOfRow.size() - 1);
        int steps = 1 + rows.stream().mapToInt(words -> words.length).max().orElse(0);
        int[] tokens = new int[rows.size() * steps];
        for (int row = 0; row < rows.size(); row++) {
            int[] words = rows.get(row);
            System.arraycopy(words, 0, tokens, row * steps, words.length);
            tokens[row * steps + words.length] = Vocabulary.END;
        }
        return new ScoreRows(
                images.subList(first, last + 1),
                imageOfRow.stream().mapToInt(image -> image - first).toArray(),
                tokens,
                steps);
    }

    private static void requireWords(int[] caption, int mostWords, Vocabulary vocabulary) {
        if (caption.length > mostWords) {
            throw new IllegalArgumentException(
                    "bug: a caption of %d words for at most %d".formatted(caption.length, mostWords));
        }
        for (int word : caption) {
            if (word < Vocabulary.UNKNOWN || word >= vocabulary.size()) {
                throw new IllegalArgumentException("bug: %d is no word's id".formatted(word));
            }
        }
    }

    /** Returns how many captions there are, M. */
    int count() {
        return imageIndex.length;
    }

    /** Returns the image of each row, [M]: for a graph that encodes an image for each caption. */
    List<Pixels> imageOfEachRow() {
        List<Pixels> all = new ArrayList<>();
        for (int image : imageIndex) {
            all.add(images.get(image));
        }
        return all;
    }
}
