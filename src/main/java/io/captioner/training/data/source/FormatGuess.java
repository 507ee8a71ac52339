package io.captioner.training.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Tells the format of a captions file by its first line, and for one large JSON object by its first elements. */
final class FormatGuess {
    private static final Pattern TOKENS = Pattern.compile("[^\\t]+#\\d+(\\t.*)?");
    private static final Pattern JSON_LINE = Pattern.compile("\\{.*\"(image|captions)\"\\s*:.*");

    private FormatGuess() {}

    /** @throws IOException if it looks like none; says how to name the format */
    static CaptionFormat of(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return CaptionFormat.JSONL;
        }
        String start = start(file).strip();
        String line = start.lines().findFirst().orElse("").strip();
        if (start.startsWith("{")) {
            return ofObject(file, line);
        } else if (TOKENS.matcher(line).matches() || line.contains("|")) {
            return CaptionFormat.FLICKR;
        } else if (line.contains(",")) {
            return CaptionFormat.CSV;
        }
        throw unknown(file);
    }

    private static CaptionFormat ofObject(Path file, String line) throws IOException {
        AtomicReference<CaptionFormat> found = new AtomicReference<>(CaptionFormat.AUTO);
        try {
            JsonArrays.forEach(
                    file,
                    Map.of(
                            "images",
                            (number, image) -> {
                                found.set(image.has("sentences") ? CaptionFormat.KARPATHY : CaptionFormat.COCO);
                                return false;
                            },
                            "annotations",
                            (number, annotation) -> {
                                found.set(CaptionFormat.COCO);
                                return false;
                            }));
        } catch (JacksonException damaged) {
            if (!JSON_LINE.matcher(line).matches()) {
                throw damaged;
            }
        }
        if (found.get() != CaptionFormat.AUTO) {
            return found.get();
        } else if (JSON_LINE.matcher(line).matches()) {
            return CaptionFormat.JSONL;
        }
        throw unknown(file);
    }

    private static String start(Path file) throws IOException {
        char[] start = new char[8192];
        try (BufferedReader reader = TextFiles.open(file)) {
            int length = Math.max(0, reader.read(start));
            return new String(start, 0, length);
        }
    }

    private static IOException unknown(Path file) {
        return new IOException(
                "the format of %s cannot be told from its beginning; name it with data.format: jsonl, coco, karpathy, flickr or csv"
                        .formatted(file));
    }
}
