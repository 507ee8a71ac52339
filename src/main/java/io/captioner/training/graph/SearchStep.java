package io.captioner.training.graph;

import io.captioner.model.Signatures;
import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderLayers;
import io.captioner.training.decoder.Mode;
import io.captioner.training.graph.LoopVariables.Slot;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** One step of {@link BeamSearch}: a word is added to each open hypothesis, and complete images leave. */
final class SearchStep {
    /** More than rounding may add to a log-probability. */
    private static final float MARGIN = 1e-3f;

    private final Ops tf;
    private final Decoder decoder;
    private final DecoderLayers layers;
    private final LoopVariables in;
    private final Operand<TInt32> zero;
    private final Operand<TInt32> one;
    private final Operand<TInt32> beamWidth;
    private final Operand<TInt32> candidates;
    private final Operand<TInt32> imageCount;
    private final Operand<TBool> searching;
    private final OpenRows rows;
    private final BeamSearch.Request request;

    /** A step inside the loop's body. */
    SearchStep(Ops tf, Decoder decoder, DecoderLayers layers, LoopVariables in, BeamSearch.Request request) {
        this.tf = tf;
        this.decoder = decoder;
        this.layers = layers;
        this.in = in;
        this.request = request;
        this.zero = tf.constant(0);
        this.one = tf.constant(1);
        this.beamWidth = in.get(Slot.BEAM_WIDTH);
        this.candidates = in.get(Slot.CANDIDATES);
        this.imageCount = tf.size(in.<TInt32>get(Slot.IMAGES));
        this.searching = tf.math.notEqual(in.<TInt32>get(Slot.CHOICE), tf.constant(NextWords.SAMPLE));
        this.rows = new OpenRows(tf, in.get(Slot.ROWS), in.get(Slot.DONE), beamWidth);
    }

    /**
     * The decoder's output for the open hypotheses: log-probabilities of the next word [R, V], alpha, and its state.
     */
    private record StepOutput(
            Operand<TFloat32> logProbs, List<Operand<TFloat32>> alpha, List<Operand<TFloat32>> state) {}

    /**
     * The beam after this step.
     *
     * @param word [M, K]
     * @param logProb of the word, [M, K]
     * @param score [M, K]
     * @param parent place of the hypothesis that each continues, among M * K: [M, K]
     */
    private record Beam(
            Operand<TInt32> word, Operand<TFloat32> logProb, Operand<TFloat32> score, Operand<TInt32> parent) {}

    /** Returns the variables of the next step. */
    LoopVariables next() {
        StepOutput output = decode();
        NextWords words = new NextWords(tf, decoder.size(), in, rows, request.alike());
        Beam beam = select(words.choose(output.logProbs()), words.required());
        // Padding, start and end are no words; the start is never chosen.
        Operand<TBool> done = tf.math.lessEqual(beam.word(), tf.constant(Vocabulary.END));

        LoopVariables next = in.next(List.of(), in.perImage());
        Operand<TInt32> history = write(next, output, beam);
        next.set(Slot.STEP, tf.math.add(in.<TInt32>get(Slot.STEP), one));
        next.set(Slot.SCORE, beam.score());
        next.set(Slot.DONE, done);
        next.set(Slot.HISTORY, history);

        Operand<TBool> continues = continues(next);
        Operand<TBool> open = tf.math.logicalAnd(tf.math.logicalNot(done), tf.expandDims(continues, one));
        Operand<TInt32> openPlaces = OpenRows.places(tf, tf.math.logicalNot(open)); // [R']
        Operand<TInt32> parentRows = tf.gather(rows.rowOfPlace(), flat(beam.parent(), openPlaces), zero); // [R']
        next.set(Slot.WORD, flat(beam.word(), openPlaces));
        List<Operand<TFloat32>> states = output.state().stream()
                .map(state -> (Operand<TFloat32>) tf.gather(state, parentRows, zero))
                .toList();
        List<Operand<TFloat32>> perImage = leave(next, continues);
        next.set(Slot.ROWS, OpenRows.places(tf, next.get(Slot.DONE)));
        return next.next(states, perImage);
    }

    private StepOutput decode() {
        List<Operand<TFloat32>> state = in.states();
        Operand<TFloat32> embedded = decoder.embed(layers, in.get(Slot.WORD)); // [R, E]
        Decoder.AttentionOutput attention = decoder.attend(layers, in.perImage(), rows, state.get(0));
        Operand<TFloat32> gateInputs = layers.constant()
                ? decoder.frozenGateInputs(layers, in.get(Slot.WORD), embedded)
                : decoder.gateInputs(layers, embedded);
        List<Operand<TFloat32>> next = decoder.step(layers, gateInputs, attention, state);
        Operand<TFloat32> logits = decoder.logits(layers, embedded, attention.context(), next.get(0), Mode.INFERENCE);
        return new StepOutput(tf.nn.logSoftmax(withPrior(logits)), attention.alpha(), next);
    }

    /** Adds the prior of words that a hypothesis does not have yet. */
    private Operand<TFloat32> withPrior(Operand<TFloat32> logits) {
        if (request.prior() == null) {
            return logits;
        }
        List<Operand<TFloat32>> perImage = in.perImage();
        Operand<TFloat32> prior = tf.gather(perImage.get(perImage.size() - 1), rows.images(), zero); // [R, V]
        Operand<TInt32> past = OpenRows.past(
                tf, rows.places(), in.get(Slot.HISTORY), in.get(Slot.TOKENS), in.get(Slot.STEPS)); // [R, S]
        Operand<TInt32> row =
                tf.broadcastTo(tf.expandDims(tf.range(zero, tf.size(rows.places()), one), one), tf.shape(past));
        Operand<TInt32> used = tf.stack(List.of(row, past), Stack.axis(2L)); // [R, S, 2]
        return tf.math.add(logits, tf.tensorScatterNdUpdate(prior, used, tf.fill(tf.shape(past), tf.constant(0f))));
    }

    /** Chooses the K best of all candidates of an image; in sampling, each hypothesis' own. */
    private Beam select(NextWords.Candidates found, RequiredWords required) {
        Operand<TInt32> places = tf.expandDims(rows.places(), one); // [R, 1]
        Operand<TInt32> total = tf.math.mul(imageCount, beamWidth);
        Operand<TInt32> shape = tf.stack(List.of(total, candidates)); // [M * K, C]
        // A finished caption is followed by padding, at no cost.
        Operand<TFloat32> padOnly = tf.oneHot(zero, candidates, tf.constant(0f), tf.constant(NextWords.NEVER)); // [C]
        Operand<TFloat32> logProbs = tf.tensorScatterNdUpdate(tf.broadcastTo(padOnly, shape), places, found.logProbs());
        Operand<TInt32> words = tf.scatterNd(places, found.words(), shape);
        Operand<TFloat32> scores =
                tf.math.add(tf.reshape(in.<TFloat32>get(Slot.SCORE), tf.array(-1, 1)), logProbs); // [M * K, C]

        Operand<TInt32> perImage = tf.math.mul(beamWidth, candidates);
        Branch search = new Branch(tf, searching);
        Operand<TInt32> best = tf.nn.topK(
                        tf.reshape(search.yes(scores), tf.stack(List.of(tf.constant(-1), search.yes(perImage)))),
                        search.yes(beamWidth),
                        TInt32.class)
                .indices();
        Operand<TInt32> own = tf.broadcastTo(
                tf.math.mul(tf.range(zero, search.no(beamWidth), one), search.no(candidates)),
                tf.shape(search.no(in.<TBool>get(Slot.DONE))));
        Operand<TInt32> firstOfImage = tf.math.mul(tf.range(zero, imageCount, one), perImage); // [M]
        Operand<TInt32> chosen =
                tf.math.add(search.merge(best, own), tf.expandDims(firstOfImage, one)); // [M, K] of M * K * C
        Branch constrained = new Branch(tf, in.<TBool>get(Slot.CONSTRAINED));
        Banks banks = banks(constrained.yes(scores), found.words(), required);
        Operand<TInt32> all = constrained.merge(
                tf.math.add(banks.chosen(), tf.expandDims(firstOfImage, one)), constrained.no(chosen));
        Operand<TFloat32> score = constrained.merge(banks.scores(), constrained.no(flat(scores, chosen)));
        // A place that no hypothesis is for is closed.
        Operand<TInt32> word = constrained.apply(
                flat(words, all),
                some -> tf.select(
                        tf.math.lessEqual(constrained.yes(score), tf.constant(Signatures.NO_CAPTION)),
                        tf.constant(Vocabulary.PAD),
                        some));
        return new Beam(word, flat(logProbs, all), score, tf.math.div(all, candidates));
    }

    /**
     * The choice where words are required: the best of each number of required words.
     *
     * @param chosen of K * C for each image, [M, K]
     * @param scores {@link NextWords#NEVER} or less where there are too few, [M, K]
     */
    private record Banks(Operand<TInt32> chosen, Operand<TFloat32> scores) {}

    private Banks banks(Operand<TFloat32> scores, Operand<TInt32> words, RequiredWords required) {
        Operand<TInt32> number = tf.size(required.ids());
        Operand<TInt32> places = tf.expandDims(rows.places(), one); // [R, 1]
        Operand<TInt32> ofRows = tf.math.add(tf.expandDims(required.count(), one), required.adds(words)); // [R, C]
        // An ended caption has them all.
        Operand<TInt32> bank = tf.tensorScatterNdUpdate(tf.fill(tf.shape(scores), number), places, ofRows);
        Operand<TInt32> count = tf.math.add(number, one); // B
        Operand<TInt32> numbers =
                tf.reshape(tf.range(zero, count, one), tf.stack(List.of(one, count, one))); // [1, B, 1]
        Operand<TInt32> perImage = tf.stack(List.of(imageCount, one, tf.math.mul(beamWidth, candidates)));
        Operand<TFloat32> ofBank = tf.select(
                tf.math.equal(tf.reshape(bank, perImage), numbers),
                tf.reshape(scores, perImage),
                tf.constant(2 * NextWords.NEVER)); // [M, B, K * C]
        TopK<TFloat32, TInt32> best = tf.nn.topK(ofBank, tf.math.div(beamWidth, count), TInt32.class);
        Operand<TInt32> shape = tf.stack(List.of(imageCount, beamWidth));
        return new Banks(tf.reshape(best.indices(), shape), tf.reshape(best.values(), shape));
    }

    /** Writes what this step found, and returns the histories that end in it. */
    private Operand<TInt32> write(LoopVariables next, StepOutput output, Beam beam) {
        Operand<TInt32> images = in.get(Slot.IMAGES);
        Operand<TInt32> history = in.get(Slot.HISTORY); // [M, K, S]
        Operand<TInt32> step = in.get(Slot.STEP);
        Operand<TInt32> steps = in.get(Slot.STEPS);
        Operand<TInt32> finals = tf.gather(tf.shape(in.<TFloat32>get(Slot.FINAL_SCORE)), zero, zero); // N
        Operand<TInt32> line = tf.math.add(tf.math.mul(step, finals), images); // [M] of S * N
        Operand<TInt32> lines = tf.expandDims(line, one);
        // From places among M * K to those among S * N * K.
        Operand<TInt32> offset = tf.math.mul(tf.math.sub(line, tf.range(zero, imageCount, one)), beamWidth); // [M]
        next.set(Slot.TOKENS, tf.tensorScatterNdUpdate(in.<TInt32>get(Slot.TOKENS), lines, beam.word()));
        next.set(Slot.LOG_PROBS, tf.tensorScatterNdUpdate(in.<TFloat32>get(Slot.LOG_PROBS), lines, beam.logProb()));
        if (decoder.attends()) {
            next.set(
                    Slot.PARENTS,
                    tf.tensorScatterNdUpdate(
                            in.<TInt32>get(Slot.PARENTS),
                            lines,
                            tf.math.add(beam.parent(), tf.expandDims(offset, one))));
            Operand<TInt32> places = tf.math.add(rows.places(), tf.gather(offset, rows.images(), zero));
            next.set(
                    Slot.ALPHAS,
                    tf.tensorScatterNdUpdate(
                            in.<TFloat32>get(Slot.ALPHAS),
                            tf.expandDims(places, one),
                            output.alpha().get(0)));
        }
        Operand<TInt32> place = tf.math.add(tf.math.mul(lines, beamWidth), tf.range(zero, beamWidth, one)); // [M, K]
        Operand<TInt32> soFar = tf.gather(
                tf.reshape(history, tf.stack(List.of(tf.constant(-1), steps))), beam.parent(), zero); // [M, K, S]
        return tf.select(tf.math.equal(tf.range(zero, steps, one), step), tf.expandDims(place, tf.constant(2)), soFar);
    }

    /** Returns whether each image is to be continued, [M]: an ended one, or one whose best are sure, is not. */
    private Operand<TBool> continues(LoopVariables next) {
        Operand<TBool> open = tf.reduceAny(tf.math.logicalNot(next.<TBool>get(Slot.DONE)), one);
        Operand<TInt32> alternatives = in.get(Slot.ALTERNATIVES);
        Branch early = new Branch(
                tf,
                tf.math.logicalAnd(
                        tf.math.less(alternatives, beamWidth),
                        tf.math.equal(in.<TInt32>get(Slot.CHOICE), tf.constant(NextWords.SEARCH))));
        return early.apply(
                open, images -> tf.math.logicalAnd(images, tf.math.logicalNot(sure(early, next, alternatives))));
    }

    /**
     * Returns for each image whether no open hypothesis can become one of the A best, [M]. An open one loses
     * log-probability with each word, so its score stays below the one it would have at once at the greatest length;
     * and it cannot push an ended one of higher log-probability out of the beam.
     */
    private Operand<TBool> sure(Branch early, LoopVariables next, Operand<TInt32> alternatives) {
        Operand<TFloat32> never = tf.constant(NextWords.NEVER);
        Operand<TFloat32> logP = early.yes(next.<TFloat32>get(Slot.SCORE)); // [M, K]
        Operand<TBool> done = early.yes(next.<TBool>get(Slot.DONE));
        Operand<TFloat32> penalty = early.yes(in.<TFloat32>get(Slot.LENGTH_PENALTY));
        Operand<TFloat32> longest =
                tf.math.pow(tf.dtypes.cast(early.yes(in.<TInt32>get(Slot.STEPS)), TFloat32.class), penalty);
        Operand<TFloat32> bestOpen = tf.max(tf.select(done, never, logP), one); // [M]
        Operand<TInt32> tokens =
                flat(early.yes(next.<TInt32>get(Slot.TOKENS)), early.yes(next.<TInt32>get(Slot.HISTORY)));
        TopK<TFloat32, TInt32> ended = tf.nn.topK(
                tf.select(done, tf.math.div(logP, BeamSearch.norm(tf, tokens, penalty)), never),
                early.yes(alternatives),
                TInt32.class); // [M, A]
        Operand<TFloat32> endedLogP = tf.gather(logP, ended.indices(), one, Gather.batchDims(1L));
        Operand<TFloat32> margin = tf.constant(MARGIN);
        return tf.math.logicalAnd(
                tf.math.greater(tf.min(ended.values(), one), tf.math.add(tf.math.div(bestOpen, longest), margin)),
                tf.math.greater(tf.min(endedLogP, one), tf.math.add(bestOpen, margin)));
    }

    /** Moves the results of images that are not continued out of the loop, and returns the tensors of the others. */
    private List<Operand<TFloat32>> leave(LoopVariables next, Operand<TBool> continues) {
        Branch some = new Branch(tf, tf.math.logicalNot(tf.reduceAll(continues, zero)));
        Operand<TInt32> stay = tf.dtypes.cast(
                tf.squeeze(tf.where(some.yes(continues)), Squeeze.axis(List.of(1L))), TInt32.class); // [M']
        Operand<TInt32> images = in.get(Slot.IMAGES);
        Operand<TFloat32> score = next.get(Slot.SCORE);
        Operand<TBool> done = next.get(Slot.DONE);
        Operand<TInt32> history = next.get(Slot.HISTORY);
        Operand<TInt32> lines = tf.expandDims(some.yes(images), one);
        // An image that stays writes too, and again when it leaves.
        next.set(
                Slot.FINAL_SCORE,
                some.apply(
                        in.<TFloat32>get(Slot.FINAL_SCORE),
                        all -> tf.tensorScatterNdUpdate(
                                all, lines, tf.select(some.yes(done), some.yes(score), tf.constant(NextWords.NEVER)))));
        next.set(
                Slot.FINAL_HISTORY,
                some.apply(
                        in.<TInt32>get(Slot.FINAL_HISTORY),
                        all -> tf.tensorScatterNdUpdate(all, lines, some.yes(history))));
        next.set(Slot.IMAGES, staying(some, images, stay));
        next.set(Slot.SCORE, staying(some, score, stay));
        next.set(Slot.DONE, staying(some, done, stay));
        next.set(Slot.HISTORY, staying(some, history, stay));
        List<Operand<TFloat32>> perImage = new ArrayList<>();
        for (Operand<TFloat32> tensor : in.perImage()) {
            perImage.add(staying(some, tensor, stay));
        }
        return perImage;
    }

    private <T extends TType> Operand<T> staying(Branch some, Operand<T> x, Operand<TInt32> stay) {
        return some.apply(x, all -> tf.gather(all, stay, zero));
    }

    private <T extends TType> Operand<T> flat(Operand<T> x, Operand<TInt32> places) {
        return tf.gather(tf.reshape(x, tf.array(-1)), places, zero);
    }
}
