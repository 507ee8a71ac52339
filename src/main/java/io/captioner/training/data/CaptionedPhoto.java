package io.captioner.training.data;

import java.nio.file.Path;
import java.util.List;

/**
 * A photo with the captions that people wrote for it.
 *
 * @param image its file name, unique in the data set
 * @param file where it lies, perhaps inside an archive; to be read while the data set is open
 * @param split the part of the data set it belongs to
 * @param captions at least one, none blank, as written
 */
public record CaptionedPhoto(String image, Path file, Split split, List<String> captions) {
    /** @throws IllegalArgumentException if there is no caption or one is blank */
    public CaptionedPhoto {
        captions = List.copyOf(captions);
        if (captions.isEmpty() || captions.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("'%s' needs at least one caption and none blank".formatted(image));
        }
    }
}
