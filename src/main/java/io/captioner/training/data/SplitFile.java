package io.captioner.training.data;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
