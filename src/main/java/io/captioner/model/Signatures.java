package io.captioner.model;

import java.util.Set;

/**
 * The names in a bundle's SavedModel, the contract between the training export and the service.
 *
 * <p>{@link #CAPTION}: {@code image} uint8 [N, H, W, 3], {@code beam_width} int32 [], {@code max_length} int32 [],
 * {@code length_penalty} float32 [], {@code no_repeat_ngram} int32 [], {@code temperature} float32 [] (0 searches,
 * above 0 samples words), {@code top_k} int32 [], {@code top_p} float32 [], {@code seed} int32 [] → {@code tokens}
 * int32 [N, K, T], {@code log_probs} float32 [N, K, T], {@code scores} float32 [N, K], {@code attention} float32 [N, K,
 * T, rows * columns].
 *
 * <p>{@link #SCORE}: {@code image}, {@code tokens} int32 [M, T] → {@code log_probs} float32 [M, T], {@code attention}
 * float32 [M, T, rows * columns], {@code vocabulary_size} int32 [].
 *
 * <p>{@link #CAPTION} may also have {@code alternatives} int32 [], 1 to K and K if not fed: a search may end when the
 * best of that number are sure, and give no others. It may have {@code avoid} int32 [A], ids that do not appear;
 * {@code merge_from} and {@code merge_to} int32 [P] each, ids whose probability goes to others; and {@code require}
 * int32 [C], ids that appear: then K is (C + 1) times the beam width, a beam for each number of them. A negative id
 * counts for none. It may have the output {@code features} float32 [N, D]: the mean of the encoder's annotation
 * vectors, which tells how familiar an image is.
 *
 * <p>{@link #SCORE} may also have {@code image_index} int32 [M], the place among N of the image that each row of tokens
 * is of: so an image is encoded once for all its texts. Without it M is N.
 *
 * <p>{@code max_length} counts words, so T is at most {@code max_length + 1}: a sequence holds word ids, then END if it
 * finished, then PAD. {@code log_probs} at END's place is END's. Hypotheses come best first; a place of the beam that
 * holds no caption has a score of {@link #NO_CAPTION} or less. A model without attention has no {@code attention}, and
 * its manifest no grid.
 */
public final class Signatures {
    /** Signature of the beam search. */
    public static final String CAPTION = "serving_default";

    /** Signature of teacher-forced scoring, under the same weights. */
    public static final String SCORE = "score";

    public static final String IMAGE = "image";
    public static final String BEAM_WIDTH = "beam_width";
    public static final String ALTERNATIVES = "alternatives";
    public static final String CONSENSUS = "consensus";
    public static final String MAX_LENGTH = "max_length";
    public static final String LENGTH_PENALTY = "length_penalty";
    public static final String NO_REPEAT_NGRAM = "no_repeat_ngram";
    public static final String TEMPERATURE = "temperature";
    public static final String TOP_K = "top_k";
    public static final String TOP_P = "top_p";
    public static final String SEED = "seed";
    public static final String AVOID = "avoid";
    public static final String MERGE_FROM = "merge_from";
    public static final String MERGE_TO = "merge_to";
    public static final String REQUIRE = "require";
    public static final String TOKENS = "tokens";
    public static final String IMAGE_INDEX = "image_index";
    public static final String LOG_PROBABILITIES = "log_probs";
    public static final String SCORES = "scores";
    public static final String ATTENTION = "attention";
    public static final String FEATURES = "features";
    public static final String VOCABULARY_SIZE = "vocabulary_size";

    /** Score at or below which a place of the beam holds no caption. */
    public static final float NO_CAPTION = -1e6f;

    static final Set<String> CAPTION_INPUTS =
            Set.of(IMAGE, BEAM_WIDTH, MAX_LENGTH, LENGTH_PENALTY, NO_REPEAT_NGRAM, TEMPERATURE, TOP_K, TOP_P, SEED);
    /** What {@link WordRules} need. */
    public static final Set<String> WORD_INPUTS = Set.of(AVOID, MERGE_FROM, MERGE_TO, REQUIRE);

    static final Set<String> OPTIONAL_INPUTS =
            Set.of(ALTERNATIVES, CONSENSUS, AVOID, MERGE_FROM, MERGE_TO, REQUIRE, IMAGE_INDEX);
    static final Set<String> OPTIONAL_OUTPUTS = Set.of(FEATURES);
    static final Set<String> SCORE_INPUTS = Set.of(IMAGE, TOKENS);

    private Signatures() {}

    static Set<String> captionOutputs(boolean attends) {
        return attends
                ? Set.of(TOKENS, LOG_PROBABILITIES, SCORES, ATTENTION)
                : Set.of(TOKENS, LOG_PROBABILITIES, SCORES);
    }

    static Set<String> scoreOutputs(boolean attends) {
        return attends
                ? Set.of(LOG_PROBABILITIES, ATTENTION, VOCABULARY_SIZE)
                : Set.of(LOG_PROBABILITIES, VOCABULARY_SIZE);
    }
}
