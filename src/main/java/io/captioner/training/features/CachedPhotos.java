package io.captioner.training.features;

import io.captioner.training.decoder.DecoderSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat16;

/**
 * Features that a frozen encoder computes once for each photo, as it is and mirrored: when they are {@link #open
 * opened}, or first read.
 */
public final class CachedPhotos implements Photos {
    private final Source source;
    private final DecoderSize size;
    private @Nullable FeatureCache cache;

    /** Where features come from. */
    @FunctionalInterface
    public interface Source {
        /** Opens the cache, computing what it lacks. */
        FeatureCache open() throws IOException;
    }

    public CachedPhotos(Source source, DecoderSize size) {
        this.source = source;
        this.size = size;
    }

    /** Computes the features if they are not there. */
    public FeatureCache open() throws IOException {
        FeatureCache open = cache;
        if (open == null) {
            open = source.open();
            cache = open;
        }
        return open;
    }

    @Override
    public TFloat16 varied(int step, EpochPlan.Batch batch) {
        return features(batch.photos(), batch.mirrored());
    }

    @Override
    public TFloat16 plain(List<Integer> photos) {
        return features(photos);
    }

    @Override
    public TFloat16 features(List<Integer> photos) {
        return features(photos, photos.stream().map(photo -> false).toList());
    }

    private TFloat16 features(List<Integer> photos, List<Boolean> mirrored) {
        FeatureCache opened;
        try {
            opened = open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int bytes = Math.multiplyExact(size.cells() * size.channels(), Short.BYTES);
        byte[] values = new byte[Math.multiplyExact(photos.size(), bytes)];
        for (int n = 0; n < photos.size(); n++) {
            opened.copy(photos.get(n), mirrored.get(n), ByteBuffer.wrap(values, n * bytes, bytes));
        }
        return Tensor.of(
                TFloat16.class,
                Shape.of(photos.size(), size.cells(), size.channels()),
                DataBuffers.of(values, true, false));
    }
}
