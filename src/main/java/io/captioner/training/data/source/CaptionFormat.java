package io.captioner.training.data.source;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;

/** The formats of captions files. */
public enum CaptionFormat {
    /** Whichever of the others the file's content looks like. */
    AUTO,
    /** A JSON object a line: {@code {"image": file name, "split": "train", "captions": [strings]}}. */
    JSONL,
    /** COCO's caption annotations of 2014 and 2017: one JSON file a split, which does not say its split. */
    COCO,
    /** Karpathy and Fei-Fei's split files, {@code dataset_coco.json} and its like, with {@code restval}. */
    KARPATHY,
    /**
     * Token files of Flickr8k and Flickr30k: {@code image#n}, a tab, a caption; or image, number, caption with bars.
     */
    FLICKR,
    /** Comma-separated values as in RFC 4180, a caption a row, with the header image,caption and perhaps split. */
    CSV;

    /**
     * Reads a captions file from its beginning to its end.
     *
     * @throws IOException if it cannot be read to its end, or does not look like any format; says what to do
     */
    public void read(Path file, EntrySink sink) throws IOException {
        try {
            CaptionFormat format = this == AUTO ? FormatGuess.of(file) : this;
            format.reader().read(file, sink);
        } catch (CharacterCodingException e) {
            throw new IOException("%s is not UTF-8 text; convert it".formatted(file), e);
        } catch (JacksonException e) {
            throw new IOException(
                    "%s is not whole or not JSON, near %s: %s; fetch it again"
                            .formatted(file, e.getLocation(), e.getOriginalMessage()),
                    e);
        }
    }

    private CaptionsReader reader() {
        return switch (this) {
            case JSONL -> new JsonLinesReader();
            case COCO -> new CocoReader();
            case KARPATHY -> new KarpathyReader();
            case FLICKR -> new FlickrReader();
            case CSV -> new CsvReader();
            case AUTO -> throw new IllegalStateException("bug: a guess is never AUTO");
        };
    }
}
