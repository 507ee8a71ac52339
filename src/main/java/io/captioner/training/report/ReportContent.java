package io.captioner.training.report;

import io.captioner.image.Pixels;
import io.captioner.training.metrics.GeneratedCaption;
import java.util.List;
import java.util.Map;

/**
 * The content of a report.
 *
 * @param title the model
 * @param facts about model, data and run, in order
 * @param scores for each search, such as {@code beam 3}, its scores by name
 * @param health for each search, its figures of captions and attention by name
 * @param charts curves of the training; none if they are not known
 * @param search the search whose captions the gallery shows
 * @param best photos with the best captions, the best first
 * @param worst photos with the worst captions, the worst first
 */
public record ReportContent(
        String title,
        Map<String, String> facts,
        Map<String, Map<String, Double>> scores,
        Map<String, Map<String, Double>> health,
        List<Chart> charts,
        String search,
        List<GalleryPhoto> best,
        List<GalleryPhoto> worst) {

    /**
     * Curves over the same steps.
     *
     * @param title what is drawn
     * @param x what the horizontal axis counts
     */
    public record Chart(String title, String x, List<Series> series) {}

    /**
     * A photo of the gallery.
     *
     * @param image its name
     * @param photo at its true proportions and of about 200 pixels
     * @param caption the caption of the model
     * @param score of the caption alone, CIDEr-D
     * @param references the reference captions
     */
    public record GalleryPhoto(
            String image, Pixels photo, GeneratedCaption caption, double score, List<String> references) {}
}
