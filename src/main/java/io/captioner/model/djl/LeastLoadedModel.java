package io.captioner.model.djl;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.text.Vocabulary;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several copies of one model, one a device: each run goes to the copy with the fewest images in flight, the first of
 * equals. It owns the copies. Its callers limit the number of concurrent runs.
 */
final class LeastLoadedModel implements CaptionModel {
    private final List<CaptionModel> copies;

    @GuardedBy("this") private final int[] inFlight; // images by copy

    /** @param copies at least one */
    LeastLoadedModel(List<CaptionModel> copies) {
        this.copies = List.copyOf(copies);
        this.inFlight = new int[copies.size()];
    }

    @Override
    public Manifest manifest() {
        return copies.get(0).manifest();
    }

    @Override
    public Vocabulary vocabulary() {
        return copies.get(0).vocabulary();
    }

    /** Returns the devices of all copies, separated by commas. */
    @Override
    public String device() {
        return copies.stream().map(CaptionModel::device).collect(Collectors.joining(", "));
    }

    @Override
    public int copies() {
        return copies.size();
    }

    @Override
    public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
        return run(batch.size(), copy -> copy.caption(batch, options));
    }

    @Override
    public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
        return run(batch.size(), copy -> copy.score(batch, captions));
    }

    @Override
    public void requireSupport(DecodeOptions options) {
        copies.get(0).requireSupport(options);
    }

    @Override
    public float[][] features(List<Pixels> batch) {
        return run(batch.size(), copy -> copy.features(batch));
    }

    @Override
    public @Nullable Double familiarity(float[] position) {
        return copies.get(0).familiarity(position);
    }

    /** Warms every copy. */
    @Override
    public void warmUp(int batchSize) {
        copies.forEach(copy -> copy.warmUp(batchSize));
    }

    @Override
    public void close() {
        copies.forEach(CaptionModel::close);
    }

    private <T> T run(int images, Function<CaptionModel, T> call) {
        int copy = enter(images);
        try {
            return call.apply(copies.get(copy));
        } finally {
            leave(copy, images);
        }
    }

    private int enter(int images) {
        synchronized (this) {
            int least = 0;
            for (int copy = 1; copy < inFlight.length; copy++) {
                if (inFlight[copy] < inFlight[least]) {
                    least = copy;
                }
            }
            inFlight[least] += images;
            return least;
        }
    }

    private void leave(int copy, int images) {
        synchronized (this) {
            inFlight[copy] -= images;
        }
    }
}
