package io.captioner.training.data;

import io.captioner.jobs.UnusableJobException;
import io.captioner.training.data.source.CaptionFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a data set lies.
 *
 * @param format of the captions files
 * @param captions the captions files, at least one; read in this order
 * @param photos folders and zip archives of pictures, at least one; searched in this order
 * @param splits text files that name a split's images, one a line, with or without what follows the last dot; if there
 *     are any, an image that says no split itself and stands in none of them is not used
 * @param restval whether Karpathy's {@code restval} images are training images; they are not used otherwise
 */
public record DatasetFiles(
        CaptionFormat format, List<SplitFile> captions, List<Path> photos, List<SplitFile> splits, boolean restval) {
    /** @throws UnusableJobException if there is no captions file, or no photos, or a list that says no split */
    public DatasetFiles {
        captions = List.copyOf(captions);
        photos = List.copyOf(photos);
        splits = List.copyOf(splits);
        if (captions.isEmpty() || photos.isEmpty()) {
            throw new UnusableJobException("data.captions and data.photos both need at least one file or folder");
        }
        splits.forEach(list -> {
            if (list.split() == null) {
                throw new UnusableJobException(
                        "data.splits: write train=%1$s, val=%1$s or test=%1$s, not %1$s".formatted(list.file()));
            }
        });
    }

    /** Returns the place of one captions file that says its splits, and one folder or archive. */
    public static DatasetFiles of(Path captions, Path photos) {
        return new DatasetFiles(
                CaptionFormat.AUTO, List.of(new SplitFile(null, captions)), List.of(photos), List.of(), true);
    }

    /**
     * A file, and the split of the images in it that it does not say itself; written {@code file} or {@code split=file}.
     *
     * @param split null if it is left to the file
     */
    public record SplitFile(@Nullable Split split, Path file) {
        /** Parses {@code captions.jsonl} or {@code val=captions_val2017.json}. */
        public static SplitFile of(String text) {
            int sign = text.indexOf('=');
            Optional<Split> split = sign < 0 ? Optional.empty() : Split.ofLabel(text.substring(0, sign));
            return split.isPresent()
                    ? new SplitFile(split.get(), Path.of(text.substring(sign + 1)))
                    : new SplitFile(null, Path.of(text));
        }

        @Override
        public String toString() {
            return split == null ? file.toString() : split.label() + "=" + file;
        }
    }
}
