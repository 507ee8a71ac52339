package io.captioner.bench;

import io.captioner.image.ImageLimits;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.djl.DjlBundleLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The model without a service around it, in this process: what the service is measured against. For one thread. */
final class BareModel implements AutoCloseable {
    private final CaptionModel model;
    private final PhotoDecoder decoder = new PhotoDecoder(ImageLimits.defaults());
    private final List<byte[]> photos;
    private final List<Pixels> pixels;
    private int next;

    BareModel(Path bundle, List<byte[]> photos) {
        this.model = DjlBundleLoader.load(bundle);
        this.photos = photos;
        this.pixels = photos.stream().map(this::decode).toList();
    }

    /** Returns where it runs. */
    String device() {
        return model.device();
    }

    /** Captions batches of one size for a time, one after the other, and adds what that took. */
    void measure(int batchSize, Duration duration, Figures figures) {
        double cpu = ServerProcess.cpuSeconds(ProcessHandle.current());
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        long now = start;
        int images = 0;
        while (now < end) {
            List<Pixels> batch = batch(batchSize);
            long before = System.nanoTime();
            model.caption(batch, model.manifest().defaults());
            now = System.nanoTime();
            figures.latencies().add(now - before);
            images += batchSize;
        }
        figures.add(images, now - start, ServerProcess.cpuSeconds(ProcessHandle.current()) - cpu);
    }

    /** Decodes photos for a time and adds what each took. */
    void measureDecoding(Duration duration, Figures figures) {
        double cpu = ServerProcess.cpuSeconds(ProcessHandle.current());
        long start = System.nanoTime();
        long now = start;
        int images = 0;
        while (now < start + duration.toNanos()) {
            long before = System.nanoTime();
            decode(photos.get(images % photos.size()));
            now = System.nanoTime();
            figures.latencies().add(now - before);
            images++;
        }
        figures.add(images, now - start, ServerProcess.cpuSeconds(ProcessHandle.current()) - cpu);
    }

    private Pixels decode(byte[] photo) {
        return decoder.decode(photo, model.manifest().input().size()).pixels();
    }

    private List<Pixels> batch(int size) {
        List<Pixels> batch = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            batch.add(pixels.get(next++ % pixels.size()));
        }
        return batch;
    }

    @Override
    public void close() {
        model.close();
    }

    /** Sums over all rounds of one measurement. */
    static final class Figures {
        private final Latencies latencies = new Latencies();
        private long images;
        private long nanos;
        private double cpuSeconds;

        private void add(int moreImages, long moreNanos, double moreCpuSeconds) {
            images += moreImages;
            nanos += moreNanos;
            cpuSeconds += moreCpuSeconds;
        }

        Latencies latencies() {
            return latencies;
        }

        double imagesPerSecond() {
            return images * 1e9 / nanos;
        }

        double cpuSecondsPerImage() {
            return cpuSeconds / images;
        }
    }
}
