package io.captioner.training.evaluation;

import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.metrics.GeneratedCaption;
import java.io.IOException;
import java.util.List;

/** Something that captions photos: a running service, or a bundle in this process. */
interface PhotoCaptioner extends AutoCloseable {
    /** Returns what captions, for people. */
    String name();

    /**
     * Captions photos.
     *
     * @param beamWidth hypotheses kept at each step; 1 is greedy search
     * @return the best caption of each photo, in order
     */
    List<GeneratedCaption> caption(List<CaptionedPhoto> photos, int beamWidth) throws IOException, InterruptedException;

    @Override
    void close();
}
