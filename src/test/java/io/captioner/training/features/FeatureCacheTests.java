package io.captioner.training.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.captioner.Jobs;
import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Pixels;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import io.captioner.jobs.Progress;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.RandomWeights;
import io.captioner.training.weights.WeightSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

class FeatureCacheTests {
    private static final Encoder ENCODER = new ColumnEncoder();
    private static final NamedWeights WEIGHTS = RandomWeights.of(ENCODER.weights(), 3);
    private static final int PHOTOS = 37;

    private final AtomicInteger decoded = new AtomicInteger();
    private final List<Path> photos = new ArrayList<>();
    private final List<Long> steps = new ArrayList<>();

    @TempDir
    private Path directory;

    @BeforeEach
    void drawPhotos() throws IOException {
        for (int i = 0; i < PHOTOS; i++) {
            photos.add(Files.write(directory.resolve("photo" + i), new byte[] {(byte) (3 * i)}));
        }
    }

    @Test
    void everyPhotoHasTheFeaturesOfItsPixels() throws IOException {
        FeatureCache cache = open(true);

        assertThat(cache.size()).isEqualTo(PHOTOS);
        for (int i = 0; i < PHOTOS; i++) {
            assertFeatures(cache, i, false);
            assertFeatures(cache, i, true);
        }
    }

    @Test
    void aCacheWithoutMirroredPhotosIsHalfAsLargeAndSaysSo() throws IOException {
        FeatureCache cache = open(false);

        assertFeatures(cache, PHOTOS - 1, false);
        assertThat(Files.size(cacheFile())).isEqualTo((long) PHOTOS * cache.entryBytes());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.copy(0, true, ByteBuffer.allocate(cache.entryBytes())));
    }

    @Test
    void featuresAreWrittenAtTheTargetsPosition() throws IOException {
        FeatureCache cache = open(true);
        ByteBuffer target = ByteBuffer.allocateDirect(3 * cache.entryBytes()).position(cache.entryBytes());

        cache.copy(5, false, target);
        cache.copy(5, true, target);

        assertThat(target.hasRemaining()).isFalse();
        assertThat(target.getShort(0)).isZero();
        assertThat(target.getShort(cache.entryBytes())).isNotZero();
    }

    @Test
    void aFileOfSeveralSegmentsReadsTheSame() throws IOException {
        FeatureCache whole = open(true);
        for (int entries = 1; entries < 6; entries++) {
            FeatureCache parts = FeatureCache.open(
                    directory.resolve("cache"),
                    ENCODER,
                    WEIGHTS,
                    Precision.FLOAT32,
                    photos,
                    true,
                    this::draw,
                    Jobs.silent(),
                    (long) entries * whole.entryBytes() + 1);

            for (int i = 0; i < PHOTOS; i++) {
                assertThat(features(parts, i, false)).containsExactly(features(whole, i, false));
                assertThat(features(parts, i, true)).containsExactly(features(whole, i, true));
            }
        }
    }

    @Test
    void aCompleteCacheIsOpenedWithoutDecodingAnything() throws IOException {
        open(true);
        decoded.set(0);

        FeatureCache again = open(true);

        assertThat(decoded).hasValue(0);
        assertFeatures(again, PHOTOS - 1, true);
    }

    @Test
    void aKilledExtractionGoesOnAfterTheLastWholePhoto() throws IOException {
        FeatureCache cache = open(true);
        long photoBytes = 2L * cache.entryBytes();
        try (FileChannel channel = FileChannel.open(cacheFile(), StandardOpenOption.WRITE)) {
            channel.truncate(30 * photoBytes + 11);
        }
        decoded.set(0);
        steps.clear();

        FeatureCache resumed = open(true);

        assertThat(decoded).hasValue(PHOTOS - 30);
        assertThat(steps.stream().mapToLong(Long::longValue).sum()).isEqualTo(PHOTOS - 30);
        for (int i = 0; i < PHOTOS; i++) {
            assertFeatures(resumed, i, true);
        }
    }

    @Test
    void aPhotoThatCannotBeDecodedIsNamedAndTheBatchesBeforeItAreKept() throws IOException {
        Path broken = photos.get(20);
        byte[] bytes = Files.readAllBytes(broken);
        Files.write(broken, new byte[0]);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> open(true))
                .withMessageContaining("photo20")
                .withMessageContaining("take it out");

        assertThat(Files.size(cacheFile())).isPositive();
        Files.write(broken, bytes);
        assertFeatures(open(true), 20, false);
    }

    @Test
    void anotherPhotoIsComputedAnew() throws IOException {
        open(true);
        Files.write(photos.get(4), new byte[] {99});
        decoded.set(0);

        FeatureCache cache = open(true);

        assertThat(decoded).hasValue(PHOTOS);
        assertFeatures(cache, 4, false);
    }

    @Test
    void otherWeightsAreComputedAnew() throws IOException {
        byte[] before = features(open(true), 1, false);

        FeatureCache cache = FeatureCache.open(
                directory.resolve("cache"),
                ENCODER,
                RandomWeights.of(ENCODER.weights(), 4),
                Precision.FLOAT32,
                photos,
                true,
                this::draw,
                Jobs.silent());

        assertThat(features(cache, 1, false)).isNotEqualTo(before);
    }

    @Test
    void aDamagedIndexIsComputedAnew() throws IOException {
        open(true);
        Files.writeString(directory.resolve("cache/features.json"), "{\"layout\":");
        decoded.set(0);

        assertFeatures(open(true), 7, false);

        assertThat(decoded).hasValue(PHOTOS);
    }

    @Test
    void pixelsOfAnotherSizeAreABug() {
        assertThatIllegalStateException()
                .isThrownBy(() -> FeatureCache.open(
                        directory.resolve("cache"),
                        ENCODER,
                        WEIGHTS,
                        Precision.FLOAT32,
                        photos,
                        true,
                        (bytes, size) -> new Pixels(1, 1, new byte[3]),
                        Jobs.silent()));
    }

    @Test
    void featuresOfAnotherPrecisionAreNotMixedIn() throws IOException {
        open(true);
        decoded.set(0);

        open(true, Precision.BFLOAT16);

        assertThat(decoded).hasValue(PHOTOS);
    }

    private FeatureCache open(boolean mirrored) throws IOException {
        return open(mirrored, Precision.FLOAT32);
    }

    private FeatureCache open(boolean mirrored, Precision precision) throws IOException {
        Progress progress = (name, total) -> new Progress.Task() {
            @Override
            public void step(long count, String suffix) {
                steps.add(count);
            }

            @Override
            public void close() {}
        };
        return FeatureCache.open(
                directory.resolve("cache"), ENCODER, WEIGHTS, precision, photos, mirrored, this::draw, progress);
    }

    private Path cacheFile() {
        return directory.resolve("cache/features.f16");
    }

    /** Left column as bright as the file's one byte says, right column a little brighter. */
    private Pixels draw(byte[] bytes, ImagePreparation preparation) {
        ImageSize size = preparation.size();
        decoded.incrementAndGet();
        if (bytes.length == 0) {
            throw new UnreadableImageException(Reason.CORRUPT, "empty");
        }
        byte left = bytes[0];
        byte right = (byte) (left + 7);
        return new Pixels(size.width(), size.height(), new byte[] {
            left, left, left, right, right, right, left, left, left, right, right, right
        });
    }

    /** The encoder's two cells a row are the columns' brightness / 8 and, by weights, a multiple of it. */
    private void assertFeatures(FeatureCache cache, int photo, boolean mirrored) throws IOException {
        int left = Files.readAllBytes(photos.get(photo))[0] & 0xff;
        int[] columns = mirrored ? new int[] {left + 7, left} : new int[] {left, left + 7};
        float kernel = kernel()[0];
        ByteBuffer features = ByteBuffer.wrap(features(cache, photo, mirrored)).order(ByteOrder.LITTLE_ENDIAN);
        for (int cell = 0; cell < 4; cell++) {
            float brightness = (columns[cell % 2] & 0xff) / 8f;
            assertThat(half(features.getShort())).isEqualTo(brightness);
            assertThat(half(features.getShort())).isCloseTo(brightness * kernel, within(0.05f));
        }
    }

    private static float[] kernel() {
        return WEIGHTS.values().values().iterator().next().values();
    }

    private static byte[] features(FeatureCache cache, int photo, boolean mirrored) {
        ByteBuffer target = ByteBuffer.allocate(cache.entryBytes());
        cache.copy(photo, mirrored, target);
        return target.array();
    }

    /** IEEE 754 binary16 to float: Java has it from 20 on. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double value =
                exponent == 0 ? fraction * Math.pow(2, -24) : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
        return (float) (bits < 0 ? -value : value);
    }

    /** 2 × 2 pixels to 2 × 2 cells of two channels: red / 8, and red / 8 times the one weight. */
    private static final class ColumnEncoder implements Encoder {
        @Override
        public String name() {
            return "column";
        }

        @Override
        public ImageSize inputSize() {
            return new ImageSize(2, 2);
        }

        @Override
        public int rows() {
            return 2;
        }

        @Override
        public int columns() {
            return 2;
        }

        @Override
        public int channels() {
            return 2;
        }

        @Override
        public String scale() {
            return "x / 8";
        }

        @Override
        public Operand<TFloat32> annotate(Ops tf, WeightSource weights, Operand<TUint8> images) {
            Operand<TFloat32> all = tf.math.div(tf.dtypes.cast(images, TFloat32.class), tf.constant(8f));
            Operand<TFloat32> red = tf.slice(all, tf.array(0, 0, 0, 0), tf.array(-1, -1, -1, 1));
            Operand<TFloat32> weighted = tf.math.mul(red, weights.get("scale/kernel", 1));
            return tf.reshape(tf.concat(List.of(red, weighted), tf.constant(3)), tf.array(-1, 4, 2));
        }
    }
}
