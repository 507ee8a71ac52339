package io.captioner.training.run;

import io.captioner.image.PhotoDecoder;
import io.captioner.jobs.Progress;
import io.captioner.model.DecodeRequest;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.evaluation.BundleCaptioner;
import io.captioner.training.metrics.GeneratedCaption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check that a bundle gives the captions of its training: it is loaded as the service loads it, and captions the
 * validation photos from their files with its own search.
 */
final class ParityCheck {
    private static final Logger log = LoggerFactory.getLogger(ParityCheck.class);
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
     * @throws IllegalStateException if the captions of the bundle differ
     */
    void require(Path bundle, List<CaptionedPhoto> validation, List<String> trained) throws IOException {
        List<GeneratedCaption> captions;
        try (BundleCaptioner captioner = new BundleCaptioner(bundle, null, photos, progress)) {
            captions = captioner.caption(validation, DecodeRequest.DEFAULTS, "parity");
        }
        int same = 0;
        for (int i = 0; i < validation.size(); i++) {
            same += captions.get(i).text().equals(trained.get(i)) ? 1 : 0;
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
}
