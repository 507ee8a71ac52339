package io.captioner.training.features;

import io.captioner.jobs.Progress;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TUint8;

/**
 * Annotation vectors of photos from a frozen encoder, in a memory-mapped file: little-endian float16 {@code [photo,
 * (plain, mirrored), rows * columns, channels]}. Once open it is immutable and safe for several threads.
 *
 * <p>The file grows by whole batches, so that a killed extraction resumes after the last batch written. An index beside
 * it describes the entries; if encoder, weights, precision, photos or preprocessing differ, all is computed anew. One
 * process at a time may open a directory that is not complete.
 */
public final class FeatureCache {
    private static final String DATA = "features.f16";
    private static final String INDEX = "features.json";
    private static final int BATCH_IMAGES = 16;
    private static final long SEGMENT_BYTES = 1L << 30;

    private final CacheIndex index;
    private final int entriesPerSegment;
    private final List<MappedByteBuffer> segments;

    private FeatureCache(CacheIndex index, int entriesPerSegment, List<MappedByteBuffer> segments) {
        this.index = index;
        this.entriesPerSegment = entriesPerSegment;
        this.segments = segments;
    }

    /**
     * Opens the cache of a directory after computing what it lacks.
     *
     * @param directory where the cache is or will be; made if absent
     * @param weights exactly the encoder's weights
     * @param precision what the encoder computes in
     * @param photos image files, in the order of their numbers
     * @param mirrored whether each photo's mirror image is kept too
     * @param reader decodes the photos
     * @throws IOException if a file cannot be read or written, or a photo not be decoded
     */
    public static FeatureCache open(
            Path directory,
            Encoder encoder,
            NamedWeights weights,
            Precision precision,
            List<Path> photos,
            boolean mirrored,
            PhotoReader reader,
            Progress progress)
            throws IOException {
        return open(directory, encoder, weights, precision, photos, mirrored, reader, progress, SEGMENT_BYTES);
    }

    /** As above, mapping at most that many bytes, and at least one entry, at a time. */
    static FeatureCache open(
            Path directory,
            Encoder encoder,
            NamedWeights weights,
            Precision precision,
            List<Path> photos,
            boolean mirrored,
            PhotoReader reader,
            Progress progress,
            long segmentBytes)
            throws IOException {
        CacheIndex index =
                CacheIndex.of(encoder, weights.requireExactly(encoder.weights()), precision, photos, mirrored);
        Path data = directory.resolve(DATA);
        Files.createDirectories(directory);
        if (!index.equals(CacheIndex.read(directory.resolve(INDEX)).orElse(null))) {
            Files.deleteIfExists(data);
            index.write(directory.resolve(INDEX));
        }
        try (FileChannel channel =
                FileChannel.open(data, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int done = (int) Math.min(photos.size(), channel.size() / index.photoBytes());
            channel.truncate(done * index.photoBytes()).position(done * index.photoBytes());
            if (done < photos.size()) {
                List<Path> left = photos.subList(done, photos.size());
                try (FeatureExtractor extractor = new FeatureExtractor(encoder, weights, precision);
                        PhotoBatches batches = new PhotoBatches(
                                reader,
                                encoder.preparation(),
                                mirrored,
                                BATCH_IMAGES / index.entriesPerPhoto(),
                                left)) {
                    extract(extractor, batches, channel, index, done, progress);
                }
                channel.force(true);
            }
            int entriesPerSegment = (int) Math.max(1, segmentBytes / index.entryBytes());
            return new FeatureCache(
                    index, entriesPerSegment, map(channel, (long) entriesPerSegment * index.entryBytes()));
        }
    }

    private static void extract(
            FeatureExtractor extractor,
            PhotoBatches batches,
            FileChannel channel,
            CacheIndex index,
            int done,
            Progress progress)
            throws IOException {
        try (Progress.Task task = progress.start("features", index.photos() - done)) {
            while (batches.hasNext()) {
                ByteBuffer features = ByteBuffer.wrap(extractor.extract(batches.next()));
                task.step(features.remaining() / index.photoBytes(), "");
                while (features.hasRemaining()) {
                    channel.write(features);
                }
            }
        }
    }

    private static List<MappedByteBuffer> map(FileChannel channel, long segmentBytes) throws IOException {
        List<MappedByteBuffer> segments = new ArrayList<>();
        for (long start = 0; start < channel.size(); start += segmentBytes) {
            segments.add(channel.map(MapMode.READ_ONLY, start, Math.min(segmentBytes, channel.size() - start)));
        }
        return List.copyOf(segments);
    }

    /** Returns the number of photos. */
    public int size() {
        return index.photos();
    }

    /** Returns how many bytes {@link #copy} writes: {@code rows * columns * channels} float16 values. */
    int entryBytes() {
        return index.entryBytes();
    }

    /**
     * Writes a photo's features at the target's position, and moves it behind them.
     *
     * @param photo number of the photo, from 0
     * @param mirrored whether the mirror image's features are wanted
     * @param target has room for {@link #entryBytes}; its byte order does not matter
     * @throws IllegalArgumentException if the mirror image is wanted but not kept
     */
    public void copy(int photo, boolean mirrored, ByteBuffer target) {
        Objects.checkIndex(photo, size());
        if (mirrored && !index.mirrored()) {
            throw new IllegalArgumentException("bug: this cache keeps no mirrored photos");
        }
        int entry = photo * index.entriesPerPhoto() + (mirrored ? 1 : 0);
        int offset = entry % entriesPerSegment * index.entryBytes();
        target.put(target.position(), segments.get(entry / entriesPerSegment), offset, index.entryBytes());
        target.position(target.position() + index.entryBytes());
    }

    /** A frozen encoder with its session: images in, float16 annotation vectors out. For one thread. */
    public static final class FeatureExtractor implements AutoCloseable {
        private final Graph graph;
        private final Session session;
        private final Placeholder<TUint8> images;
        private final Operand<TFloat16> features;
        private final Shape shape;

        /**
         * Builds the encoder.
         *
         * @param weights exactly the encoder's weights
         */
        public FeatureExtractor(Encoder encoder, NamedWeights weights, Precision precision) {
            shape = encoder.imagesShape();
            graph = new Graph();
            Ops tf = Ops.create(graph);
            images = tf.placeholder(TUint8.class, Placeholder.shape(encoder.imagesShape()));
            features = tf.dtypes.cast(encoder.annotate(tf, weights.constants(tf), images), TFloat16.class);
            session = new Session(graph, precision.session());
        }

        /**
         * Returns the features of images that lie one after another: float16, {@code [n, rows * columns, channels]}.
         */
        public byte[] extract(byte[] rgb) {
            long bytes = shape.get(1) * shape.get(2) * shape.get(3);
            Shape given = Shape.of(rgb.length / bytes, shape.get(1), shape.get(2), shape.get(3));
            try (TUint8 batch = Tensors.of(given, rgb);
                    Result result =
                            session.runner().feed(images, batch).fetch(features).run()) {
                return Tensors.bytes(result.get(0));
            }
        }

        @Override
        public void close() {
            session.close();
            graph.close();
        }
    }
}
