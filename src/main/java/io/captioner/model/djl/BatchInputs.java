package io.captioner.model.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.captioner.image.Pixels;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.Manifest;
import io.captioner.model.Signatures;
import io.captioner.model.WordRules;
import io.captioner.text.Vocabulary;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.tensorflow.proto.SignatureDef;

/**
 * The tensors that go into a bundle's graph: images, options of the search, captions to score.
 *
 * @param captions the signature that captions, as {@link SignatureRuns} has it
 * @param scores the signature that scores, likewise
 */
record BatchInputs(Manifest manifest, Vocabulary vocabulary, SignatureDef captions, SignatureDef scores) {
    private static final Sampling NO_SAMPLING = new Sampling(1, 0, 1, 0);
    /** The search that takes least. */
    static final DecodeOptions ONE_WORD = oneWord(false);

    private static final int[] NO_TOKENS = {-1};

    /**
     * Returns the inputs of a run that captions.
     *
     * @param pixels as {@link #pack} has them
     */
    NDList caption(NDManager manager, ByteBuffer pixels, int images, DecodeOptions options) {
        NDList inputs = search(manager, pixels, images, options);
        if (captions.containsInputs(Signatures.TOKENS)) {
            addTokens(inputs, manager, NO_TOKENS, new Shape(1, 1));
            inputs.add(named(
                    Signatures.IMAGE_INDEX,
                    manager.create(IntStream.range(0, images).toArray())));
        }
        return inputs;
    }

    /**
     * Returns the inputs of a run that scores.
     *
     * @param pixels of the images of {@link #scored}
     */
    NDList score(NDManager manager, ByteBuffer pixels, ScoreRows rows) {
        int images = scored(rows).size();
        NDList inputs = scores.containsInputs(Signatures.BEAM_WIDTH)
                ? search(manager, pixels, images, oneWord(manifest.defaults().consensus()))
                : new NDList(named(Signatures.IMAGE, images(manager, pixels, images)));
        addTokens(inputs, manager, rows.tokens(), new Shape(rows.count(), rows.steps()));
        if (encodesOnce()) {
            inputs.add(named(Signatures.IMAGE_INDEX, manager.create(rows.imageIndex())));
        }
        return inputs;
    }

    private static DecodeOptions oneWord(boolean consensus) {
        return new DecodeOptions(1, 1, 0, 0, null, null, consensus);
    }

    /** Returns the images of {@link #score}. */
    List<Pixels> scored(ScoreRows rows) {
        return encodesOnce() ? rows.images() : rows.imageOfEachRow();
    }

    /** A bundle of before {@link Signatures#IMAGE_INDEX} encodes an image for each of its captions. */
    boolean encodesOnce() {
        return scores.containsInputs(Signatures.IMAGE_INDEX);
    }

    private static void addTokens(NDList inputs, NDManager manager, int[] tokens, Shape shape) {
        inputs.add(named(Signatures.TOKENS, manager.create(IntBuffer.wrap(tokens), shape, DataType.INT32)));
    }

    /** Returns the images and the options of a search. */
    private NDList search(NDManager manager, ByteBuffer pixels, int images, DecodeOptions options) {
        Sampling sampling = Objects.requireNonNullElse(options.sampling(), NO_SAMPLING);
        NDList inputs = new NDList(
                named(Signatures.BEAM_WIDTH, manager.create(options.hypotheses())),
                named(Signatures.IMAGE, images(manager, pixels, images)),
                named(Signatures.LENGTH_PENALTY, manager.create(options.lengthPenalty())),
                named(Signatures.MAX_LENGTH, manager.create(options.maxWords())),
                named(Signatures.NO_REPEAT_NGRAM, manager.create(options.noRepeatNgram())),
                named(Signatures.TEMPERATURE, manager.create(options.sampling() == null ? 0 : sampling.temperature())),
                named(Signatures.TOP_K, manager.create(sampling.topK())),
                named(Signatures.TOP_P, manager.create(sampling.topP())),
                named(Signatures.SEED, manager.create(sampling.seed())));
        if (captions.containsInputs(Signatures.ALTERNATIVES)) {
            inputs.add(named(Signatures.ALTERNATIVES, manager.create(options.hypotheses())));
        }
        if (captions.containsInputs(Signatures.CONSENSUS)) {
            inputs.add(named(Signatures.CONSENSUS, manager.create(options.consensus())));
        }
        // DJL wants every input of the signature.
        if (captions.getInputsMap().keySet().containsAll(Signatures.WORD_INPUTS)) {
            WordRules rules = options.words();
            WordRules.Ids ids = rules == null ? WordRules.Ids.EMPTY : rules.ids(vocabulary);
            inputs.add(named(Signatures.AVOID, manager.create(WordRules.orNone(ids.avoid()))));
            inputs.add(named(Signatures.MERGE_FROM, manager.create(WordRules.orNone(ids.mergeFrom()))));
            inputs.add(named(Signatures.MERGE_TO, manager.create(WordRules.orNone(ids.mergeTo()))));
            inputs.add(named(Signatures.REQUIRE, manager.create(WordRules.orNone(ids.require()))));
        }
        return inputs;
    }

    /** Returns the pixels of N images, one behind the other. */
    ByteBuffer pack(List<Pixels> batch) {
        int width = manifest.input().width();
        int height = manifest.input().height();
        int channels = manifest.input().preparation().channels();
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("bug: a batch of no images");
        }
        ByteBuffer pixels = ByteBuffer.allocateDirect(
                Math.multiplyExact(Math.multiplyExact(width * height, channels), batch.size()));
        for (Pixels image : batch) {
            if (image.width() != width || image.height() != height || image.channels() != channels) {
                throw new IllegalArgumentException("bug: %d x %d pixels for a model that takes %d x %d"
                        .formatted(image.width(), image.height(), width, height));
            }
            pixels.put(image.rgb());
        }
        return pixels.flip();
    }

    private NDArray images(NDManager manager, ByteBuffer pixels, int count) {
        Manifest.Input input = manifest.input();
        Shape shape = new Shape(
                count, input.height(), input.width(), input.preparation().channels());
        return manager.create(pixels, shape, DataType.UINT8);
    }

    private static NDArray named(String name, NDArray array) {
        array.setName(name);
        return array;
    }
}
