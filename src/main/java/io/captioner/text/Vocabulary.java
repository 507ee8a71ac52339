package io.captioner.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The words a model knows, each with its id: the line number in {@code vocabulary.txt}, counted from 0. Immutable. */
public final class Vocabulary {
    /** Id of the padding after the end of a caption. */
    public static final int PAD = 0;

    /** Id of the token that starts every caption. */
    public static final int START = 1;

    /** Id of the token that ends every caption. */
    public static final int END = 2;

    /** Id that stands for every word outside the vocabulary. */
    public static final int UNKNOWN = 3;

    private static final List<String> SPECIALS = List.of("<pad>", "<start>", "<end>", "<unk>");

    /** Begins the line of an id that is no word, behind all words: a number and {@code >} follow. */
    private static final String UNUSED = "<unused-";

    private final List<String> words;
    private final Map<String, Integer> ids;

    private Vocabulary(List<String> words) {
        this.words = List.copyOf(words);
        this.ids = new HashMap<>();
        for (int id = 0; id < words.size(); id++) {
            String word = words.get(id);
            if (word.isBlank() || !word.equals(word.strip())) {
                throw new IllegalArgumentException(
                        "line %d of the vocabulary is not a word: '%s'".formatted(id + 1, word));
            }
            if (ids.put(word, id) != null) {
                throw new IllegalArgumentException("'%s' is a duplicate in the vocabulary".formatted(word));
            }
        }
        if (words.size() <= SPECIALS.size()
                || !words.subList(0, SPECIALS.size()).equals(SPECIALS)) {
            throw new IllegalArgumentException(
                    "a vocabulary begins with %s and goes on with words".formatted(SPECIALS));
        }
    }

    /**
     * Makes a vocabulary of the given words behind the four special tokens.
     *
     * @throws IllegalArgumentException if there is none, or one is blank, a duplicate or special
     */
    public static Vocabulary ofWords(List<String> words) {
        return new Vocabulary(Stream.concat(SPECIALS.stream(), words.stream()).toList());
    }

    /**
     * Reads a {@code vocabulary.txt}: UTF-8, one word a line, line number = id, the special tokens first.
     *
     * @throws IllegalArgumentException if the file is not such a list
     */
    public static Vocabulary read(Path file) throws IOException {
        return new Vocabulary(Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    /** Writes what {@link #read} reads. */
    public void write(Path file) throws IOException {
        Files.writeString(file, String.join("\n", words) + "\n", StandardCharsets.UTF_8);
    }

    /** Returns how many ids there are, the special ones included. */
    public int size() {
        return words.size();
    }

    /** Returns the line of an id that is no word: its logit counts among those of the words, but it is never chosen. */
    public static String unused(int number) {
        return UNUSED + number + ">";
    }

    /** Returns how many ids at the end are no words. */
    public int unused() {
        int count = 0;
        while (words.get(words.size() - 1 - count).startsWith(UNUSED)) {
            count++;
        }
        return count;
    }

    /** Returns the id of a word, {@link #UNKNOWN} for one that is not here. */
    public int id(String word) {
        return ids.getOrDefault(word, UNKNOWN);
    }

    /** Returns whether the word has an id of its own. */
    public boolean contains(String word) {
        return ids.containsKey(word);
    }

    /**
     * Returns the words of ids, in order.
     *
     * @throws IndexOutOfBoundsException if no word has one of these ids
     */
    public List<String> words(int[] ids) {
        return Arrays.stream(ids).mapToObj(this::word).toList();
    }

    /**
     * Returns the caption of word ids, written as {@link CaptionTokenizer#sentence} does.
     *
     * @throws IndexOutOfBoundsException if no word has one of these ids
     */
    public String sentence(int[] ids) {
        return CaptionTokenizer.sentence(words(ids));
    }

    /**
     * Returns the word of an id.
     *
     * @throws IndexOutOfBoundsException if no word has this id
     */
    public String word(int id) {
        return words.get(id);
    }
}
