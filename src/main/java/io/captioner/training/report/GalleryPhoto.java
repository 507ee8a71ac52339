package io.captioner.training.report;

import io.captioner.image.Pixels;
import io.captioner.training.metrics.GeneratedCaption;
import java.util.List;

/**
 * A photo of the gallery.
 *
 * @param image its name
 * @param photo at its true proportions and of about 200 pixels
 * @param caption what the model said
 * @param score of the caption alone, CIDEr-D
 * @param references what people wrote
 */
public record GalleryPhoto(
        String image, Pixels photo, GeneratedCaption caption, double score, List<String> references) {}
