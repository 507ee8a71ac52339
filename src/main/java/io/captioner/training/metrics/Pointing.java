package io.captioner.training.metrics;

import io.captioner.attention.AttentionGrid;
import io.captioner.attention.AttentionSummary;
import io.captioner.attention.AttentionSummary.Attention.Point;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.source.ObjectBoxes;
import io.captioner.training.data.source.ObjectBoxes.LabelledBox;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether attention points to what a word names: the pointing game (Zhang et al. 2016, arXiv:1608.00507, section 4.1)
 * with the words of captions, without tolerance.
 *
 * @param words words of captions for objects whose boxes are known
 * @param hits those of them whose heaviest cell has its centre in a box of such an object
 * @param centre those of them for which the centre of the photo lies in one
 */
public record Pointing(int words, int hits, int centre) {
    /**
     * Looks where the words of captions point.
     *
     * @param generated captions of the photos, in their order
     * @param boxes objects by the photo's name
     */
    static Pointing of(List<CaptionedPhoto> photos, List<GeneratedCaption> generated, Map<String, ObjectBoxes> boxes) {
        int words = 0;
        int hits = 0;
        int centre = 0;
        for (int i = 0; i < photos.size(); i++) {
            ObjectBoxes photo = boxes.get(photos.get(i).image());
            GeneratedCaption caption = generated.get(i);
            if (photo == null || caption.attention().isEmpty()) {
                continue;
            }
            for (int t = 0; t < caption.words().size(); t++) {
                String word = caption.words().get(t).toLowerCase(Locale.ROOT);
                List<LabelledBox> named = photo.objects().stream()
                        .filter(object -> object.words().contains(word))
                        .toList();
                if (!named.isEmpty()) {
                    AttentionGrid grid = caption.attention().get(t);
                    int across = 2 * grid.columns(); // halves of cells: the centres of cells are whole numbers of them
                    int down = 2 * grid.rows();
                    Point peak = AttentionSummary.of(grid, across, down).peak();
                    words++;
                    hits += isIn(
                                    named,
                                    (double) photo.width() * peak.x() / across,
                                    (double) photo.height() * peak.y() / down)
                            ? 1
                            : 0;
                    centre += isIn(named, photo.width() / 2.0, photo.height() / 2.0) ? 1 : 0;
                }
            }
        }
        return new Pointing(words, hits, centre);
    }

    private static boolean isIn(List<LabelledBox> boxes, double x, double y) {
        return boxes.stream().anyMatch(object -> object.contains(x, y));
    }
}
