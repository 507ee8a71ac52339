package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import io.captioner.training.data.source.ObjectBoxes;
import io.captioner.training.data.source.ObjectBoxes.LabelledBox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PointingTests {
    /** Of 200 x 100 pixels: the cells of a grid of 2 x 2 have their centres at (50, 25), (150, 25), and so on. */
    private static final ObjectBoxes PHOTO = new ObjectBoxes(
            200,
            100,
            List.of(
                    new LabelledBox(Set.of("dog", "dogs"), 140, 15, 20, 20),
                    new LabelledBox(Set.of("dog", "dogs"), 40, 65, 20, 20),
                    new LabelledBox(Set.of("ball"), 90, 40, 30, 30)));

    private static final List<CaptionedPhoto> PHOTOS = List.of(
            new CaptionedPhoto("a.jpg", Path.of("a.jpg"), Split.VALIDATION, List.of("a dog")),
            new CaptionedPhoto("b.jpg", Path.of("b.jpg"), Split.VALIDATION, List.of("a dog")));

    @Test
    void aWordPointsToWhatItNamesWhenItsPeakLiesInOneOfTheBoxes() {
        GeneratedCaption caption = GeneratedCaption.of(
                "Two dogs and a dog with a ball",
                List.of("two", "Dogs", "dog", "ball"),
                new float[][] {{0, 1, 0, 0}, {.1f, .6f, .2f, .1f}, {.6f, .1f, .2f, .1f}, {0, 0, 0, 1}},
                2,
                2);

        Pointing pointing = Pointing.of(PHOTOS, List.of(caption, caption), Map.of("a.jpg", PHOTO));

        // of: dogs, dog, ball; only the peak of "dogs" is right, and only the ball has the photo's centre
        assertThat(pointing).isEqualTo(new Pointing(3, 1, 1));
    }

    @Test
    void aPeakIsNotRoundedToWholePixels() {
        ObjectBoxes tiny = new ObjectBoxes(3, 3, List.of(new LabelledBox(Set.of("dog"), 0.7, 0.7, 0.1, 0.1)));
        GeneratedCaption caption =
                GeneratedCaption.of("dog", List.of("dog"), new float[][] {{1, 0, 0, 0}}, 2, 2); // centre at 0.75

        assertThat(Pointing.of(PHOTOS.subList(0, 1), List.of(caption), Map.of("a.jpg", tiny)))
                .isEqualTo(new Pointing(1, 1, 0));
    }

    @Test
    void captionsWithoutAttentionPointNowhere() {
        GeneratedCaption caption = new GeneratedCaption("a dog", List.of("a", "dog"), List.of());

        assertThat(Pointing.of(PHOTOS, List.of(caption, caption), Map.of("a.jpg", PHOTO)))
                .isEqualTo(new Pointing(0, 0, 0));
        assertThat(Validation.of(PHOTOS, List.of(caption, caption), Map.of("a.jpg", PHOTO))
                        .figures())
                .doesNotContainKey("pointing");
    }
}
