package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DrawnPhotosTests {
    @Test
    void theyAreDifferentAlwaysTheSameAndOfTheSizeOfSmallPhotos() throws Exception {
        List<byte[]> photos = Photos.of(Options.read(new Properties()), 8);
        List<byte[]> again = Photos.of(Options.read(new Properties()), 4);

        assertThat(photos)
                .doesNotHaveDuplicates()
                .allSatisfy(photo -> assertThat(photo.length).isBetween(10_000, 40_000));
        assertThat(photos.subList(0, 4)).containsExactlyElementsOf(again);
    }
}
