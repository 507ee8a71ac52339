package io.captioner.model.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.tensorflow.engine.TfSymbolBlock;
import ai.djl.training.ParameterStore;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.image.Pixels;
import io.captioner.model.BrokenBundleException;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeOptions.Sampling;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.model.ModelFailedException;
import io.captioner.model.Signatures;
import io.captioner.model.gpu.DeviceUse;
import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tensorflow.proto.ConfigProto;

/** A bundle in one session of DJL's TensorFlow engine; both signatures run in it, over one copy of the weights. */
final class DjlCaptionModel implements CaptionModel {
    private static final Sampling NO_SAMPLING = new Sampling(1, 0, 1, 0);

    /** Captions that a run scores at most: as many as a batch of 16 has with the widest beam. */
    private static final int MOST_ROWS = 16 * DecodeOptions.MAX_BEAM_WIDTH;

    private final Manifest manifest;
    private final Vocabulary vocabulary;
    private final String device;
    private final Model model;
    final TfSymbolBlock captioner;
    final TfSymbolBlock scorer;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(); // calls read, closing writes

    @GuardedBy("lock") private boolean closed;

    private DjlCaptionModel(Manifest manifest, Vocabulary vocabulary, String device, Model model) {
        this.manifest = manifest;
        this.vocabulary = vocabulary;
        this.device = device;
        this.model = model;
        this.captioner = (TfSymbolBlock) model.getBlock();
        this.scorer = new TfSymbolBlock(captioner.getSavedModelBundle(), Signatures.SCORE);
    }

    /**
     * Loads a bundle that is already verified; the engine must have been started.
     *
     * @param device the model's {@link CaptionModel#device}
     * @throws BrokenBundleException if TensorFlow cannot load it, or it does not fit its vocabulary
     */
    static DjlCaptionModel load(Path bundle, Manifest manifest, String device, ConfigProto config) {
        return load(bundle, bundle, manifest, device, config);
    }

    /**
     * Loads a bundle with its graph from another directory.
     *
     * @param device the model's {@link CaptionModel#device}
     * @throws BrokenBundleException if TensorFlow cannot load it, or it does not fit its vocabulary
     */
    static DjlCaptionModel load(Path bundle, Path graph, Manifest manifest, String device, ConfigProto config) {
        Vocabulary vocabulary = readVocabulary(bundle.resolve(Bundle.VOCABULARY));
        Model model = DjlEngine.newModel(manifest.name());
        try {
            model.load(graph.toAbsolutePath(), Bundle.GRAPH, SessionConfig.option(config));
            DjlCaptionModel loaded = new DjlCaptionModel(manifest, vocabulary, device, model);
            loaded.checkVocabularySize(bundle);
            return loaded;
        } catch (IOException | MalformedModelException | RuntimeException e) {
            model.close();
            if (e instanceof BrokenBundleException broken) {
                throw broken;
            }
            throw new BrokenBundleException(
                    bundle.resolve(Bundle.GRAPH), "TensorFlow cannot load it: " + e.getMessage(), e);
        }
    }

    @Override
    public Manifest manifest() {
        return manifest;
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
        ByteBuffer pixels = pack(batch);
        return run(manager -> {
            Sampling sampling = Objects.requireNonNullElse(options.sampling(), NO_SAMPLING);
            NDList inputs = new NDList(
                    named(Signatures.BEAM_WIDTH, manager.create(options.beamWidth())),
                    named(Signatures.IMAGE, images(manager, pixels, batch.size())),
                    named(Signatures.LENGTH_PENALTY, manager.create(options.lengthPenalty())),
                    named(Signatures.MAX_LENGTH, manager.create(options.maxWords())),
                    named(Signatures.NO_REPEAT_NGRAM, manager.create(options.noRepeatNgram())),
                    named(
                            Signatures.TEMPERATURE,
                            manager.create(options.sampling() == null ? 0 : sampling.temperature())),
                    named(Signatures.TOP_K, manager.create(sampling.topK())),
                    named(Signatures.TOP_P, manager.create(sampling.topP())),
                    named(Signatures.SEED, manager.create(sampling.seed())));
            if (takes(captioner, Signatures.CAPTION, Signatures.ALTERNATIVES)) {
                inputs.add(named(Signatures.ALTERNATIVES, manager.create(options.beamWidth())));
            }
            NDList outputs = forward(captioner, manager, inputs);
            NDArray tokens = outputs.get(Signatures.TOKENS);
            return new DecodedBatch(
                            vocabulary,
                            tokens.toIntArray(),
                            outputs.get(Signatures.LOG_PROBABILITIES).toFloatArray(),
                            attention(outputs),
                            dimensions(tokens, batch.size()),
                            cells())
                    .beams(outputs.get(Signatures.SCORES).toFloatArray());
        });
    }

    @Override
    public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
        int mostRows = encodesOnce() ? MOST_ROWS : batch.size();
        List<Hypothesis> scored = new ArrayList<>();
        for (ScoreRows rows : ScoreRows.of(batch, captions, mostRows, manifest.maxLength(), vocabulary)) {
            scored.addAll(score(
                    rows,
                    outputs -> new DecodedBatch(
                                    vocabulary,
                                    rows.tokens(),
                                    outputs.get(Signatures.LOG_PROBABILITIES).toFloatArray(),
                                    attention(outputs),
                                    new DecodedBatch.Dimensions(rows.count(), 1, rows.steps()),
                                    cells())
                            .singles()));
        }
        Iterator<Hypothesis> next = scored.iterator();
        return captions.stream()
                .map(ofImage -> ofImage.stream().map(caption -> next.next()).toList())
                .toList();
    }

    private <T> T score(ScoreRows rows, Function<NDList, T> outputs) {
        List<Pixels> images = encodesOnce() ? rows.images() : rows.imageOfEachRow();
        ByteBuffer pixels = pack(images);
        return run(manager -> {
            NDList inputs = new NDList(
                    named(Signatures.IMAGE, images(manager, pixels, images.size())),
                    named(
                            Signatures.TOKENS,
                            manager.create(
                                    IntBuffer.wrap(rows.tokens()),
                                    new Shape(rows.count(), rows.steps()),
                                    DataType.INT32)));
            if (encodesOnce()) {
                inputs.add(named(Signatures.IMAGE_INDEX, manager.create(rows.imageIndex())));
            }
            return outputs.apply(forward(scorer, manager, inputs));
        });
    }

    /** A bundle of before {@link Signatures#IMAGE_INDEX} encodes an image for each of its captions. */
    private boolean encodesOnce() {
        return takes(scorer, Signatures.SCORE, Signatures.IMAGE_INDEX);
    }

    /**
     * Runs a batch of black images and returns which device ran what.
     *
     * @throws ModelFailedException if the device fails
     */
    DeviceUse trace(int images) {
        return whileOpen(() -> TracedRun.run(captioner.getSavedModelBundle(), manifest, images));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
                scorer.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void checkVocabularySize(Path bundle) {
        int width = manifest.input().width();
        int height = manifest.input().height();
        Pixels black = new Pixels(width, height, new byte[width * height * 3]);
        ScoreRows nothing = ScoreRows.of(List.of(black), List.of(List.of(new int[0])), 1, 0, vocabulary)
                .get(0);
        int size = score(
                nothing, outputs -> outputs.get(Signatures.VOCABULARY_SIZE).toIntArray()[0]);
        if (size != vocabulary.size()) {
            throw new BrokenBundleException(
                    bundle.resolve(Bundle.VOCABULARY),
                    "%d words and special tokens, but the model knows %d".formatted(vocabulary.size(), size));
        }
    }

    /** Runs one call over arrays that are freed with it, also when it fails. */
    private <T> T run(Function<NDManager, T> call) {
        return whileOpen(() -> {
            try (NDManager manager = model.getNDManager().newSubManager()) {
                return call.apply(manager);
            } catch (ModelFailedException e) {
                throw e;
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new ModelFailedException(
                        "model %s/%s failed: %s".formatted(manifest.name(), manifest.version(), e.getMessage()), e);
            }
        });
    }

    private <T> T whileOpen(Supplier<T> call) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("model %s/%s is closed".formatted(manifest.name(), manifest.version()));
            }
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private static NDList forward(Block block, NDManager manager, NDList inputs) {
        return block.forward(new ParameterStore(manager, false), inputs, false);
    }

    private ByteBuffer pack(List<Pixels> batch) {
        int width = manifest.input().width();
        int height = manifest.input().height();
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("bug: a batch of no images");
        }
        ByteBuffer pixels =
                ByteBuffer.allocateDirect(Math.multiplyExact(Math.multiplyExact(width * height, 3), batch.size()));
        for (Pixels image : batch) {
            if (image.width() != width || image.height() != height) {
                throw new IllegalArgumentException("bug: %d x %d pixels for a model that takes %d x %d"
                        .formatted(image.width(), image.height(), width, height));
            }
            pixels.put(image.rgb());
        }
        return pixels.flip();
    }

    private NDArray images(NDManager manager, ByteBuffer pixels, int count) {
        Shape shape =
                new Shape(count, manifest.input().height(), manifest.input().width(), 3);
        return manager.create(pixels, shape, DataType.UINT8);
    }

    private static DecodedBatch.Dimensions dimensions(NDArray tokens, int images) {
        Shape shape = tokens.getShape();
        if (shape.dimension() != 3 || shape.get(0) != images) {
            throw new IllegalStateException("tokens of shape %s for %d images".formatted(shape, images));
        }
        return new DecodedBatch.Dimensions(images, (int) shape.get(1), (int) shape.get(2));
    }

    private float[] attention(NDList outputs) {
        return cells() == 0 ? new float[0] : outputs.get(Signatures.ATTENTION).toFloatArray();
    }

    private int cells() {
        Manifest.Grid grid = manifest.attentionGrid();
        return grid == null ? 0 : grid.rows() * grid.columns();
    }

    private static boolean takes(TfSymbolBlock block, String signature, String input) {
        return block.getSavedModelBundle()
                .getMetaGraphDef()
                .getSignatureDefOrThrow(signature)
                .containsInputs(input);
    }

    private static NDArray named(String name, NDArray array) {
        array.setName(name);
        return array;
    }

    private static Vocabulary readVocabulary(Path file) {
        try {
            return Vocabulary.read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new BrokenBundleException(file, String.valueOf(e.getMessage()), e);
        }
    }
}
