package io.captioner.training.run;

import io.captioner.image.ImageSize;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.model.CaptionModel;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.model.DecodeOptions;
import io.captioner.text.CaptionTokenizer;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.jobs.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proof that a bundle says what its training said: it is loaded as the service loads it, and captions the
 * validation photos from their files.
 */
final class ParityCheck {
    private static final Logger log = LoggerFactory.getLogger(ParityCheck.class);
    private static final int BATCH = 16;
    /**
     * Training decodes features that were cached in half precision: rarely, two captions of equal rank change places.
     */
    private static final double LEAST_SHARE = 0.99;

    private final PhotoDecoder photos;
    private final Progress progress;

    ParityCheck(PhotoDecoder photos, Progress progress) {
        this.photos = photos;
        this.progress = progress;
    }

    /**
     * Compares the captions of all photos.
     *
     * @param trained the captions that the training graph gave, in the same order
     * @throws IllegalStateException if the bundle's are others
     */
    void require(Path bundle, DecodeOptions options, List<CaptionedPhoto> validation, List<String> trained)
            throws IOException {
        int same = 0;
        try (CaptionModel model = DjlBundleLoader.load(bundle);
                Progress.Task task = progress.start("parity", validation.size())) {
            for (int from = 0; from < validation.size(); from += BATCH) {
                int to = Math.min(validation.size(), from + BATCH);
                List<String> captions = captions(model, options, validation.subList(from, to));
                for (int i = from; i < to; i++) {
                    same += captions.get(i - from).equals(trained.get(i)) ? 1 : 0;
                }
                task.step(to - from, "");
            }
        }
        log.info("{} of {} captions of the bundle are those of the training graph", same, validation.size());
        if (same < LEAST_SHARE * validation.size()) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "only %d of %d captions of the bundle are those of the training graph; it stays unpublished in %s",
                    same,
                    validation.size(),
                    bundle));
        }
    }

    private List<String> captions(CaptionModel model, DecodeOptions options, List<CaptionedPhoto> batch)
            throws IOException {
        ImageSize size = model.manifest().input().size();
        List<Pixels> pixels = new ArrayList<>();
        for (CaptionedPhoto photo : batch) {
            pixels.add(photos.decode(Files.readAllBytes(photo.file()), size).pixels());
        }
        return model.caption(pixels, options).stream()
                .map(hypotheses -> CaptionTokenizer.sentence(
                        model.vocabulary().words(hypotheses.get(0).tokens())))
                .toList();
    }
}
