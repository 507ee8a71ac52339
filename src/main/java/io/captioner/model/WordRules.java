package io.captioner.model;

import io.captioner.text.Vocabulary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Words that must or must not appear in a caption.
 *
 * @param genderNeutral whether English words for people lose their gender: the probability of each is added to that of
 *     its neutral word
 * @param avoid words that do not appear, ascending
 * @param require words that appear, ascending, at most {@value #MAX_REQUIRED}
 */
public record WordRules(boolean genderNeutral, List<String> avoid, List<String> require) {
    /** Most words that may be required: the search keeps a beam for each number of them. */
    public static final int MAX_REQUIRED = 3;

    /** Words for people without a gender. */
    public static final WordRules GENDER_NEUTRAL = new WordRules(true, List.of(), List.of());

    /** In place of an id, no word. */
    public static final int NONE = -1;

    /** Most words that may be avoided. */
    public static final int MAX_AVOIDED = 100;

    private static final Map<String, String> NEUTRAL = Map.ofEntries(
            Map.entry("man", "person"),
            Map.entry("woman", "person"),
            Map.entry("guy", "person"),
            Map.entry("lady", "person"),
            Map.entry("gentleman", "person"),
            Map.entry("male", "person"),
            Map.entry("female", "person"),
            Map.entry("men", "people"),
            Map.entry("women", "people"),
            Map.entry("guys", "people"),
            Map.entry("ladies", "people"),
            Map.entry("gentlemen", "people"),
            Map.entry("males", "people"),
            Map.entry("females", "people"),
            Map.entry("boy", "child"),
            Map.entry("girl", "child"),
            Map.entry("boys", "children"),
            Map.entry("girls", "children"),
            Map.entry("his", "their"),
            Map.entry("her", "their"));

    /** No neutral word fits into their place: the verb behind them would have to change. */
    private static final Set<String> GENDERED =
            Set.of("he", "she", "him", "himself", "herself", "hers", "he's", "she's");

    /** Sorts the words, so that equal rules are equal. */
    public WordRules {
        avoid = List.copyOf(new TreeSet<>(avoid));
        require = List.copyOf(new TreeSet<>(require));
    }

    /**
     * The rules as ids of a vocabulary.
     *
     * @param avoid ids of words that do not appear
     * @param mergeFrom ids whose probability goes to {@code mergeTo}, which do not appear
     * @param mergeTo of each, the id that gets it
     * @param require ids of words that appear
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one run
    public record Ids(int[] avoid, int[] mergeFrom, int[] mergeTo, int[] require) {
        /** No rules. */
        public static final Ids EMPTY = new Ids(new int[0], new int[0], new int[0], new int[0]);
    }

    /**
     * Returns the rules as ids; an avoided word that the vocabulary has not, appears in no caption anyway.
     *
     * @throws InvalidDecodeRequestException if a required word is none of the vocabulary's, or is avoided
     */
    public Ids ids(Vocabulary vocabulary) {
        List<String> missing = require.stream()
                .filter(word -> !vocabulary.contains(word) || vocabulary.id(word) <= Vocabulary.UNKNOWN)
                .toList();
        if (!missing.isEmpty()) {
            throw new InvalidDecodeRequestException(
                    "require",
                    "require has words that the model does not know: %s. Use words of the bundle's vocabulary.txt."
                            .formatted(String.join(", ", missing)));
        }
        Set<Integer> banned = new TreeSet<>(known(avoid, vocabulary));
        Map<Integer, Integer> merged = new LinkedHashMap<>();
        if (genderNeutral) {
            banned.addAll(known(List.copyOf(GENDERED), vocabulary));
            NEUTRAL.keySet().stream().sorted().forEach(word -> {
                int neutral = vocabulary.id(NEUTRAL.getOrDefault(word, word));
                int id = vocabulary.id(word);
                if (id != Vocabulary.UNKNOWN && (neutral == Vocabulary.UNKNOWN || banned.contains(neutral))) {
                    banned.add(id);
                } else if (id != Vocabulary.UNKNOWN && !banned.contains(id)) {
                    merged.put(id, neutral);
                }
            });
        }
        List<String> contradicted = require.stream()
                .filter(word -> banned.contains(vocabulary.id(word)) || merged.containsKey(vocabulary.id(word)))
                .toList();
        if (!contradicted.isEmpty()) {
            throw new InvalidDecodeRequestException(
                    "require",
                    "require has words that avoid or genderNeutral excludes: %s. Leave them out of one of the two."
                            .formatted(String.join(", ", contradicted)));
        }
        return new Ids(
                array(banned), array(merged.keySet()), array(merged.values()), array(known(require, vocabulary)));
    }

    /** Returns the ids, or {@link #NONE} alone: a graph takes no empty list. */
    public static int[] orNone(int[] ids) {
        return ids.length == 0 ? new int[] {NONE} : ids;
    }

    private static List<Integer> known(List<String> words, Vocabulary vocabulary) {
        return new ArrayList<>(words.stream()
                .filter(vocabulary::contains)
                .map(vocabulary::id)
                .filter(id -> id > Vocabulary.UNKNOWN)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static int[] array(Collection<Integer> ids) {
        return ids.stream().mapToInt(id -> id).toArray();
    }
}
