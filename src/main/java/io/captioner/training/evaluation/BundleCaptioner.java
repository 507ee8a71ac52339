package io.captioner.training.evaluation;

import io.captioner.image.ImagePreparation;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.jobs.Progress;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeRequest;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.evaluation.EvaluationJob.PhotoCaptioner;
import io.captioner.training.features.PhotoReader;
import io.captioner.training.metrics.GeneratedCaption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bundle that captions photos in this process, loaded and fed as the service does it. */
public final class BundleCaptioner implements PhotoCaptioner {
    private static final int BATCH = 16;
    private static final int TIMED_RUNS = 5;

    private final CaptionModel model;
    private final @Nullable Float lengthPenalty;
    private final PhotoReader reader;
    private final Progress progress;

    /** Loads and checks the bundle. */
    public BundleCaptioner(Path bundle, @Nullable Float lengthPenalty, PhotoDecoder decoder, Progress progress) {
        this.model = DjlBundleLoader.load(bundle);
        this.lengthPenalty = lengthPenalty;
        this.reader = (bytes, preparation) -> decoder.decode(bytes, preparation).pixels();
        this.progress = progress;
    }

    @Override
    public String name() {
        return model.manifest().name() + "/" + model.manifest().version();
    }

    @Override
    public List<GeneratedCaption> caption(List<CaptionedPhoto> photos, @Nullable Integer beamWidth, String task)
            throws IOException {
        return caption(photos, DecodeRequest.beam(beamWidth, null, lengthPenalty, null), task);
    }

    /**
     * Captions photos with the service's search.
     *
     * @param task what the progress is called
     * @return the best caption of each photo, in order
     * @throws IOException if a photo cannot be read or decoded; names it
     */
    public List<GeneratedCaption> caption(List<CaptionedPhoto> photos, DecodeRequest request, String task)
            throws IOException {
        DecodeOptions options = request.resolve(model.manifest());
        ImagePreparation preparation = model.manifest().input().preparation();
        List<GeneratedCaption> captions = new ArrayList<>();
        try (Progress.Task steps = progress.start(task, photos.size())) {
            for (int from = 0; from < photos.size(); from += BATCH) {
                List<CaptionedPhoto> batch = photos.subList(from, Math.min(photos.size(), from + BATCH));
                List<Pixels> pixels = new ArrayList<>();
                for (CaptionedPhoto photo : batch) {
                    pixels.add(reader.read(photo.file(), preparation));
                }
                model.caption(pixels, options).forEach(hypotheses -> captions.add(generated(model, hypotheses.get(0))));
                steps.step(batch.size(), "");
            }
        }
        return captions;
    }

    /**
     * Measures runs with the bundle's own search.
     *
     * @param photos of which the first 16 are run
     * @return the median time by batch size, powers of two up to 16
     */
    Map<Integer, Duration> runs(List<CaptionedPhoto> photos) throws IOException {
        ImagePreparation preparation = model.manifest().input().preparation();
        List<Pixels> pixels = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            pixels.add(reader.read(photos.get(i % photos.size()).file(), preparation));
        }
        Map<Integer, Duration> medians = new LinkedHashMap<>();
        for (int size = 1; size <= BATCH; size *= 2) {
            List<Pixels> batch = pixels.subList(0, size);
            long[] nanos = new long[TIMED_RUNS];
            model.caption(batch, model.manifest().defaults());
            for (int run = 0; run < TIMED_RUNS; run++) {
                long start = System.nanoTime();
                model.caption(batch, model.manifest().defaults());
                nanos[run] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            medians.put(size, Duration.ofNanos(nanos[TIMED_RUNS / 2]));
        }
        return medians;
    }

    /** Returns a hypothesis of a model in words. */
    public static GeneratedCaption generated(CaptionModel model, Hypothesis hypothesis) {
        List<String> words = model.vocabulary().words(hypothesis.tokens());
        Manifest.Grid grid = model.manifest().attentionGrid();
        String text = model.vocabulary().sentence(hypothesis.tokens());
        return grid == null
                ? new GeneratedCaption(text, words, List.of())
                : GeneratedCaption.of(text, words, hypothesis.attention(), grid.rows(), grid.columns());
    }

    @Override
    public void close() {
        model.close();
    }
}
