package io.captioner.model.djl;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.tensorflow.engine.TfSymbolBlock;
import ai.djl.training.ParameterStore;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.image.Pixels;
import io.captioner.model.BrokenBundleException;
import io.captioner.model.Bundle;
import io.captioner.model.Calibration;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Familiarity;
import io.captioner.model.Hypothesis;
import io.captioner.model.InvalidDecodeRequestException;
import io.captioner.model.Manifest;
import io.captioner.model.ModelFailedException;
import io.captioner.model.Signatures;
import io.captioner.model.TrainingPhotos;
import io.captioner.model.gpu.DeviceUse;
import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.ConfigProto;

/** A bundle in one session of DJL's TensorFlow engine; both signatures run in it, over one copy of the weights. */
final class DjlCaptionModel implements CaptionModel {
    /** Captions that a run scores at most: as many as a batch of 16 has with the widest beam. */
    private static final int MOST_ROWS = 16 * DecodeOptions.MAX_BEAM_WIDTH;

    private final Manifest manifest;
    private final Vocabulary vocabulary;
    private final @Nullable TrainingPhotos trainingPhotos;
    private final String device;
    private final Model model;
    final SignatureRuns runs;
    private final BatchInputs inputs;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(); // calls read, closing writes

    @GuardedBy("lock") private boolean closed;

    private DjlCaptionModel(
            Manifest manifest, Vocabulary vocabulary, @Nullable TrainingPhotos photos, String device, Model model) {
        this.manifest = manifest;
        this.vocabulary = vocabulary;
        this.trainingPhotos = photos;
        this.device = device;
        this.model = model;
        this.runs = SignatureRuns.of((TfSymbolBlock) model.getBlock());
        this.inputs = new BatchInputs(manifest, vocabulary, runs.captions(), runs.scores());
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
        TrainingPhotos trainingPhotos = TrainingPhotos.read(bundle);
        Model model = DjlEngine.newModel(manifest.name());
        try {
            model.load(graph.toAbsolutePath(), Bundle.GRAPH, SessionConfig.option(config));
            DjlCaptionModel loaded = new DjlCaptionModel(manifest, vocabulary, trainingPhotos, device, model);
            loaded.checkVocabularySize(bundle);
            loaded.checkFamiliarity(bundle);
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
        ByteBuffer pixels = inputs.pack(batch);
        return run(manager -> {
            NDList outputs = forward(runs.captioner(), manager, inputs.caption(manager, pixels, batch.size(), options));
            NDArray tokens = outputs.get(Signatures.TOKENS);
            List<List<Hypothesis>> beams = new DecodedBatch(
                            vocabulary,
                            tokens.toIntArray(),
                            outputs.get(Signatures.LOG_PROBABILITIES).toFloatArray(),
                            attention(outputs),
                            dimensions(tokens, batch.size()),
                            cells())
                    .beams(outputs.get(Signatures.SCORES).toFloatArray(), options.beamWidth());
            return trainingPhotos == null
                    ? beams
                    : trainingPhotos.place(
                            beams, rows(outputs.get(Signatures.FEATURES), batch.size()), options.byConsensus());
        });
    }

    @Override
    public void requireSupport(DecodeOptions options) {
        if (options.words() != null && !runs.captions().getInputsMap().keySet().containsAll(Signatures.WORD_INPUTS)) {
            throw new InvalidDecodeRequestException(
                    "model",
                    "%s/%s was written before genderNeutral, avoid and require: leave them out, or write the bundle again with captioner.job=re-export."
                            .formatted(manifest.name(), manifest.version()));
        }
        CaptionModel.super.requireSupport(options);
    }

    /** Runs the encoder and one step of the decoder. */
    @Override
    public float[][] features(List<Pixels> batch) {
        if (!runs.captions().containsOutputs(Signatures.FEATURES)) {
            return CaptionModel.super.features(batch);
        }
        ByteBuffer pixels = inputs.pack(batch);
        return run(manager -> {
            NDList encoding = inputs.caption(manager, pixels, batch.size(), BatchInputs.ONE_WORD);
            return rows(forward(runs.captioner(), manager, encoding).get(Signatures.FEATURES), batch.size());
        });
    }

    @Override
    public @Nullable Double familiarity(float[] position) {
        return trainingPhotos == null ? null : trainingPhotos.familiarity().share(Familiarity.distance(position));
    }

    @Override
    public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
        int mostRows = inputs.encodesOnce() ? MOST_ROWS : batch.size();
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
        ByteBuffer pixels = inputs.pack(inputs.scored(rows));
        return run(manager -> outputs.apply(forward(runs.scorer(), manager, inputs.score(manager, pixels, rows))));
    }

    /**
     * Runs a batch of black images and returns which device ran what.
     *
     * @throws ModelFailedException if the device fails
     */
    DeviceUse trace(int images) {
        Pixels black = Pixels.black(manifest.input().preparation());
        ByteBuffer pixels = inputs.pack(Collections.nCopies(images, black));
        return run(manager -> TracedRun.run(
                runs.captioner().getSavedModelBundle(),
                runs.captions(),
                inputs.caption(manager, pixels, images, manifest.defaults())));
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
                runs.scorer().close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void checkVocabularySize(Path bundle) {
        Pixels black = Pixels.black(manifest.input().preparation());
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

    private void checkFamiliarity(Path bundle) {
        if (trainingPhotos == null) {
            return;
        }
        Pixels black = Pixels.black(manifest.input().preparation());
        try {
            float[] position = trainingPhotos.familiarity().position(features(List.of(black))[0]);
            Calibration calibration = manifest.calibration();
            if (calibration != null) {
                calibration.requirePlace(position.length);
            }
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new BrokenBundleException(
                    bundle.resolve(Bundle.FAMILIARITY), "does not fit the graph: " + e.getMessage(), e);
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

    private static float[][] rows(NDArray matrix, int count) {
        float[] values = matrix.toFloatArray();
        int width = values.length / count;
        return IntStream.range(0, count)
                .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
                .toArray(float[][]::new);
    }

    private static Vocabulary readVocabulary(Path file) {
        try {
            return Vocabulary.read(file);
        } catch (IOException | IllegalArgumentException e) {
            throw new BrokenBundleException(file, String.valueOf(e.getMessage()), e);
        }
    }
}
