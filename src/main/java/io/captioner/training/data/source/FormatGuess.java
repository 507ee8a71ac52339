package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Tells the format of a captions file by its first line, and of JSON by its first elements. */
final class FormatGuess {
    private static final Pattern TOKENS = Pattern.compile("[^\\t]+#\\d+(\\t.*)?");
    private static final Pattern BARS =
            Pattern.compile("(?i)image(_name)?\\s*\\|\\s*comment_number\\s*\\|.*|[^|]+\\|\\s*\\d+\\s*\\|.*");
    private static final Pattern SEPARATED = Pattern.compile(".*[,;\\t|].*");
    private static final Pattern JSON_LINE = Pattern.compile(
            "\\{(?!\\s*\"(images|annotations)\"\\s*:\\s*\\[).*\"(image|file_name|captions?|text)\"\\s*:.*");

    private FormatGuess() {}

    /** @throws UnusableFileException if it looks like none; says what it is, which are read and how to name one */
    static CaptionFormat of(Path file) throws IOException {
        String start = start(file).strip();
        String line = start.lines().findFirst().orElse("").strip();
        if (start.startsWith("{")) {
            return ofObject(file, line);
        } else if (start.startsWith("[")) {
            return ofArray(file);
        } else if (TOKENS.matcher(line).matches() || BARS.matcher(line).matches()) {
            return CaptionFormat.FLICKR;
        } else if (SEPARATED.matcher(line).matches()) {
            return CaptionFormat.CSV;
        }
        throw new UnusableFileException(
                "the format of %s cannot be told from its beginning '%s'; name it with data.format: jsonl, json, coco, karpathy, flickr or csv"
                        .formatted(file, line.substring(0, Math.min(40, line.length()))));
    }

    private static CaptionFormat ofArray(Path file) throws IOException {
        Set<String> names = JsonArrays.names(file);
        if (isPhoto(names)) {
            return CaptionFormat.JSON;
        }
        throw unknownJson(file, names.isEmpty() ? "an array without objects" : "an array of objects with " + names);
    }

    private static CaptionFormat ofObject(Path file, String line) throws IOException {
        AtomicReference<CaptionFormat> found = new AtomicReference<>(CaptionFormat.AUTO);
        Set<String> names;
        try {
            JsonArrays.forEach(
                    file,
                    JsonArrays.NAME_FORMAT,
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
            names = JsonArrays.names(file);
        } catch (JacksonException damaged) {
            if (!JSON_LINE.matcher(line).matches()) {
                throw damaged;
            }
            return CaptionFormat.JSONL;
        }
        if (found.get() != CaptionFormat.AUTO) {
            return found.get();
        } else if (JSON_LINE.matcher(line).matches() || line.endsWith("}") && isPhoto(names)) {
            return CaptionFormat.JSONL;
        } else if (isPhoto(names)) {
            return CaptionFormat.JSON;
        }
        throw unknownJson(file, "an object with " + names);
    }

    private static boolean isPhoto(Set<String> names) {
        return FieldNames.image(names).isPresent()
                && !FieldNames.captions(names).isEmpty();
    }

    private static String start(Path file) throws IOException {
        char[] start = new char[8192];
        try (BufferedReader reader = TextFiles.open(file)) {
            int length = Math.max(0, reader.read(start));
            return new String(start, 0, length);
        }
    }

    private static UnusableFileException unknownJson(Path file, String found) {
        return new UnusableFileException(
                "%s is JSON, but %s, which is not read. Read are: an object of a photo a line (data.format jsonl), an array of them (json), each with %s; COCO's \"images\" and \"annotations\" (coco); Karpathy's \"images\" with \"sentences\" (karpathy)"
                        .formatted(file, found, FieldNames.READ));
    }
}
