package io.captioner.training.graph;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * The variables of the search's loop: those of {@link Slot}, then the decoder's states, its tensors for each image, and
 * weights. N images were given; M of them are not complete; R hypotheses are open.
 */
final class LoopVariables {
    /** The variables that every decoder's loop has. */
    enum Slot {
        /** Words so far, []. */
        STEP,
        /** Place among M * K of each open hypothesis, [R]. */
        ROWS,
        /** Last word of each open hypothesis, [R]. */
        WORD,
        /** Log-probability of each hypothesis, [M, K]. */
        SCORE,
        /** Whether a hypothesis has ended, [M, K]. */
        DONE,
        /** Which of the N images these are, [M]. */
        IMAGES,
        /** Where each hypothesis wrote its words, by step: [M, K, S]. */
        HISTORY,
        /** Scores of complete images, [N, K]. */
        FINAL_SCORE,
        /** Histories of complete images, [N, K, S]. */
        FINAL_HISTORY,
        /** Words as written, [S * N + 1, K]. */
        TOKENS,
        /** Their log-probabilities, [S * N + 1, K]. */
        LOG_PROBS,
        /** Where the hypothesis before each word was, and so its alpha is: [S * N + 1, K]. */
        PARENTS,
        /** Alpha as written, [(S * N + 1) * K, L]. */
        ALPHAS,
        FORCED,
        STEPS,
        BEAM_WIDTH,
        CANDIDATES,
        ALTERNATIVES,
        LENGTH_PENALTY,
        CHOICE,
        NO_REPEAT,
        TEMPERATURE,
        TOP_K,
        TOP_P,
        SEED,
        /** Whether {@link #AVOID} or {@link #MERGE_FROM} has an id, []. */
        EDITED,
        /** Whether {@link #REQUIRE} has an id, []. */
        CONSTRAINED,
        AVOID,
        MERGE_FROM,
        MERGE_TO,
        REQUIRE
    }

    private final Map<Slot, Operand<?>> slots = new EnumMap<>(Slot.class);
    private final List<Operand<TFloat32>> states;
    private final List<Operand<TFloat32>> perImage;
    private final List<Operand<TFloat32>> weights;

    /** Variables of which no slot is set. */
    LoopVariables(List<Operand<TFloat32>> states, List<Operand<TFloat32>> perImage, List<Operand<TFloat32>> weights) {
        this.states = List.copyOf(states);
        this.perImage = List.copyOf(perImage);
        this.weights = List.copyOf(weights);
    }

    /** Reads the variables as {@link #outputs} has them; their numbers are those of {@code like}. */
    static LoopVariables of(Output<?>[] outputs, LoopVariables like) {
        Slot[] all = Slot.values();
        List<Operand<TFloat32>> rest = new ArrayList<>();
        for (int i = all.length; i < outputs.length; i++) {
            rest.add(floats(outputs[i]));
        }
        int images = like.states.size();
        int weights = images + like.perImage.size();
        LoopVariables variables = new LoopVariables(
                rest.subList(0, images), rest.subList(images, weights), rest.subList(weights, rest.size()));
        for (Slot slot : all) {
            variables.set(slot, outputs[slot.ordinal()]);
        }
        return variables;
    }

    /** Returns the variables of the next step: other states and tensors for each image, the same slots and weights. */
    LoopVariables next(List<Operand<TFloat32>> nextStates, List<Operand<TFloat32>> nextPerImage) {
        LoopVariables next = new LoopVariables(nextStates, nextPerImage, weights);
        next.slots.putAll(slots);
        return next;
    }

    /** Returns all variables in their order; every slot must be set. */
    Output<?>[] outputs() {
        List<Operand<?>> all = new ArrayList<>(slots.values()); // in the order of the enum
        all.addAll(states);
        all.addAll(perImage);
        all.addAll(weights);
        return all.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
    }

    void set(Slot slot, Operand<?> value) {
        slots.put(slot, value);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // every slot is set before the loop, and holds one type
    <T extends TType> Operand<T> get(Slot slot) {
        return (Operand<T>) slots.get(slot);
    }

    /** Returns the decoder's states of the open hypotheses, [R, width] each. */
    List<Operand<TFloat32>> states() {
        return states;
    }

    /** Returns the decoder's tensors of the images, [M, ...] each. */
    List<Operand<TFloat32>> perImage() {
        return perImage;
    }

    /** Returns the weights that are no constants of the loop's body. */
    List<Operand<TFloat32>> weights() {
        return weights;
    }

    @SuppressWarnings("unchecked") // states, tensors of images and weights are all of this type
    private static Operand<TFloat32> floats(Output<?> output) {
        return (Operand<TFloat32>) (Operand<?>) output;
    }
}
