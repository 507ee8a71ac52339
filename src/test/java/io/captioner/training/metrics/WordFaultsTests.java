package io.captioner.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordFaultsTests {
    private final List<CaptionedPhoto> photos = new ArrayList<>();
    private final List<String> captions = new ArrayList<>();

    @Test
    void aWordIsWrongWhereNoPersonSaysItAndMissingWhereTwoDo() {
        add(8, "a dog runs", "A dog runs.", "The dog runs.");
        add(4, "a dog runs on grass", "A cat sits on a mat.", "The cat sleeps.");
        add(6, "a cat", "A cat sits.", "One cat.");

        WordFaults faults = WordFaults.of(photos, captions, 2);

        // "on" and "grass" are said for 4 photos only: too few to judge.
        assertThat(faults.wrong())
                .containsExactly(
                        new WordFaults.Fault("dog", 12, 4, "a dog runs on grass"),
                        new WordFaults.Fault("runs", 12, 4, "a dog runs on grass"));
        assertThat(faults.missing()).containsExactly(new WordFaults.Fault("cat", 10, 4, "a dog runs on grass"));
    }

    private void add(int times, String caption, String... people) {
        for (int i = 0; i < times; i++) {
            photos.add(new CaptionedPhoto("photo", Path.of("photo"), Split.VALIDATION, List.of(people)));
            captions.add(caption);
        }
    }
}
