package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import io.captioner.training.data.source.PhotoObjects.JsonLinesReader;
import io.captioner.training.data.source.PhotoObjects.JsonReader;
import io.captioner.training.data.source.PhotoObjects.KarpathyReader;
import java.io.IOException;
import java.nio.file.Path;

/** The formats of captions files. */
public enum CaptionFormat {
    /** The one of the others that the file's content looks like. */
    AUTO,
    /**
     * A JSON object a line: {@code {"image": file name, "split": "train", "captions": [strings]}}, or Hugging Face's
     * {@code {"file_name": ..., "text": ...}}.
     */
    JSONL,
    /** A JSON array of such objects: {@code [{"image": file name, "caption": a string or a list}]}, as of BLIP. */
    JSON,
    /** COCO's caption annotations of 2014 and 2017: one JSON file a split, which does not say its split. */
    COCO,
    /** Karpathy and Fei-Fei's split files, {@code dataset_coco.json} and its like, with {@code restval}. */
    KARPATHY,
    /**
     * Token files of Flickr8k and Flickr30k: {@code image#n}, a tab, a caption; or image, number, caption with bars.
     */
    FLICKR,
    /**
     * Values separated by commas, semicolons, tabs or bars, a row an image and one or several captions, with a header
     * such as image,caption and perhaps split.
     */
    CSV;

    /**
     * Reads a captions file from its beginning to its end.
     *
     * @throws UnusableFileException if it does not look like any format, is not whole or in another encoding; says what
     *     to do
     * @throws IOException if it cannot be read to its end
     */
    public void read(Path file, CaptionEntry.Sink sink) throws IOException {
        TextFiles.read(file, () -> {
            CaptionFormat format = this == AUTO ? FormatGuess.of(file) : this;
            format.reader().read(file, sink);
        });
    }

    private Reader reader() {
        return switch (this) {
            case JSONL -> new JsonLinesReader();
            case JSON -> new JsonReader();
            case COCO -> new CocoReader();
            case KARPATHY -> new KarpathyReader();
            case FLICKR -> new FlickrReader();
            case CSV -> new CsvReader();
            case AUTO -> throw new IllegalStateException("bug: a guess is never AUTO");
        };
    }

    /** Reads the captions files of one format. Stateless. */
    interface Reader {
        /**
         * Reads a file from its beginning to its end.
         *
         * @throws IOException if it cannot be read to its end in this format at all
         */
        void read(Path file, CaptionEntry.Sink sink) throws IOException;
    }
}
