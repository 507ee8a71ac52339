package io.captioner.training.features;

import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.jobs.DaemonThreads;
import io.captioner.training.graph.TrainingGraph;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TUint8;

/**
 * Photos that are decoded and varied anew for every step, for an encoder that is trained. A thread of its own decodes
 * the batch of the next step while a step runs.
 */
public final class LivePhotos implements Photos {
    private final TrainingGraph graph;
    private final List<Path> files;
    private final PhotoReader reader;
    private final ImagePreparation preparation;
    private final ImageSize size;
    private final Augmentation augmentation;
    private final long seed;
    private final ExecutorService decoding;
    private final Map<Integer, Future<byte[]>> prepared = new HashMap<>();

    /**
     * Photos of which none is read yet.
     *
     * @param graph has the encoder
     * @param files by the photos' numbers
     * @param preparation of the encoder's input
     * @param seed decides, with the step, how photos are varied
     */
    public LivePhotos(
            TrainingGraph graph,
            List<Path> files,
            PhotoReader reader,
            ImagePreparation preparation,
            Augmentation augmentation,
            long seed) {
        this.graph = graph;
        this.files = files;
        this.reader = reader;
        this.preparation = preparation;
        this.size = preparation.size();
        this.augmentation = augmentation;
        this.seed = seed;
        this.decoding = DaemonThreads.pool("photo-decoding", 1);
    }

    @Override
    public void prepare(int step, EpochPlan.Batch batch) {
        prepared.computeIfAbsent(step, number -> decoding.submit(() -> vary(number, batch)));
    }

    @Override
    public TUint8 varied(int step, EpochPlan.Batch batch) {
        prepare(step, batch);
        Future<byte[]> pixels = prepared.remove(step);
        if (pixels == null) {
            throw new IllegalStateException("bug: batch %d was not prepared".formatted(step));
        }
        try {
            return tensor(batch.photos().size(), pixels.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while decoding photos", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("could not make the batch of step " + step, e.getCause());
        }
    }

    @Override
    public TUint8 plain(List<Integer> photos) {
        Map<Integer, byte[]> decoded = new HashMap<>();
        byte[] values = new byte[Math.multiplyExact(photos.size(), bytes())];
        for (int n = 0; n < photos.size(); n++) {
            byte[] photo = decoded.computeIfAbsent(photos.get(n), this::decode);
            System.arraycopy(photo, 0, values, n * bytes(), bytes());
        }
        return tensor(photos.size(), values);
    }

    @Override
    public TFloat16 features(List<Integer> photos) {
        try (TUint8 images = plain(photos)) {
            return graph.encode(images);
        }
    }

    @Override
    public void close() {
        decoding.shutdownNow();
    }

    private byte[] vary(int step, EpochPlan.Batch batch) throws IOException {
        // The same in a run that is resumed at this step.
        SplittableRandom random = new SplittableRandom(seed * 1_000_003L + step);
        List<Integer> photos = batch.photos();
        byte[] values = new byte[Math.multiplyExact(photos.size(), bytes())];
        ImagePreparation whole = augmentation.whole(preparation);
        for (int n = 0; n < photos.size(); n++) {
            augmentation.write(
                    reader.read(files.get(photos.get(n)), whole),
                    size,
                    batch.mirrored().get(n),
                    random,
                    values,
                    n * bytes());
        }
        return values;
    }

    private byte[] decode(int photo) {
        try {
            return reader.read(files.get(photo), preparation).rgb();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int bytes() {
        return size.height() * size.width() * preparation.channels();
    }

    private TUint8 tensor(int photos, byte[] values) {
        return Tensors.of(Shape.of(photos, size.height(), size.width(), preparation.channels()), values);
    }
}
