package io.captioner.training.features;

import io.captioner.training.decoder.DecoderSize;
import java.nio.ByteBuffer;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat16;

/** Features that a frozen encoder computed once for each photo, as it is and mirrored. */
public final class CachedPhotos implements Photos {
    private final FeatureCache cache;
    private final DecoderSize size;

    public CachedPhotos(FeatureCache cache, DecoderSize size) {
        this.cache = cache;
        this.size = size;
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
        int bytes = Math.multiplyExact(size.cells() * size.channels(), Short.BYTES);
        byte[] values = new byte[Math.multiplyExact(photos.size(), bytes)];
        for (int n = 0; n < photos.size(); n++) {
            cache.copy(photos.get(n), mirrored.get(n), ByteBuffer.wrap(values, n * bytes, bytes));
        }
        return Tensor.of(
                TFloat16.class,
                Shape.of(photos.size(), size.cells(), size.channels()),
                DataBuffers.of(values, true, false));
    }
}
