package io.captioner.training.data;

import java.nio.file.Path;
import java.util.List;

/**
 * A photo on its way through the lint.
 *
 * @param where the place in the captions file
 * @param captions none blank
 */
record Candidate(String where, String image, Path file, Split split, List<String> captions) {
    CaptionedPhoto photo() {
        return new CaptionedPhoto(image, file, split, captions);
    }
}
