package io.captioner.training.data;

import io.captioner.training.data.CaptionDataset.LintMode;
import java.io.IOException;
import java.nio.file.Path;

/** A data set folder: {@code captions.jsonl} with its pictures under {@code photos/}. */
final class FolderDataset {
    private FolderDataset() {}

    static CaptionDataset read(Path folder, LintMode mode) throws IOException {
        return CaptionDataset.read(
                DatasetFiles.of(folder.resolve("captions.jsonl"), folder.resolve("photos")), mode, null);
    }
}
