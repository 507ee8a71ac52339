package io.captioner.training.report;

import java.util.List;
import java.util.Map;

/**
 * What a report says.
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
}
