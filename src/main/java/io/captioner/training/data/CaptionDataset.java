package io.captioner.training.data;

import io.captioner.training.data.DatasetFault.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** The linted photos of a captions file, in the order of its lines. Immutable. */
public final class CaptionDataset {
    private static final ObjectReader ENTRIES = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(Entry.class);

    private final List<CaptionedPhoto> photos;
    private final List<DatasetFault> faults;

    private CaptionDataset(List<CaptionedPhoto> photos, List<DatasetFault> faults) {
        this.photos = List.copyOf(photos);
        this.faults = List.copyOf(faults);
    }

    /**
     * Reads a data set folder: {@code captions.jsonl} with its pictures under {@code photos/}.
     *
     * @see #read(Path, Path, LintMode)
     */
    public static CaptionDataset read(Path folder, LintMode mode) throws IOException {
        return read(folder.resolve("captions.jsonl"), folder.resolve("photos"), mode);
    }

    /**
     * Reads a captions file line by line and checks every entry. UTF-8, a JSON object a line: {@code {"image": file
     * name, "split": "train"|"val"|"test", "captions": [strings]}}; other properties and blank lines are passed over.
     *
     * @param photosFolder where the pictures lie; that each is there is checked, not whether it can be decoded
     * @throws FaultyDatasetException if the mode is strict and there is any fault
     */
    public static CaptionDataset read(Path captionsFile, Path photosFolder, LintMode mode) throws IOException {
        Lint lint = new Lint(photosFolder);
        try (BufferedReader lines = Files.newBufferedReader(captionsFile, StandardCharsets.UTF_8)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    lint.take(number, line);
                }
                number++;
            }
        }
        if (mode == LintMode.STRICT && !lint.faults.isEmpty()) {
            throw new FaultyDatasetException(captionsFile, lint.faults);
        }
        return new CaptionDataset(lint.photos, lint.faults);
    }

    /** Returns every photo without a fault. */
    public List<CaptionedPhoto> photos() {
        return photos;
    }

    /** Returns the photos of one split. */
    public List<CaptionedPhoto> photos(Split split) {
        return photos.stream().filter(photo -> photo.split() == split).toList();
    }

    /** Returns what was wrong with the entries that were left out; always empty after a strict reading. */
    public List<DatasetFault> faults() {
        return faults;
    }

    private record Entry(
            @Nullable String image,
            @Nullable String split,
            @Nullable List<@Nullable String> captions) {}

    private static final class Lint {
        private final Path photosFolder;
        private final List<CaptionedPhoto> photos = new ArrayList<>();
        private final List<DatasetFault> faults = new ArrayList<>();
        private final Map<String, Seen> seen = new HashMap<>();

        private record Seen(int line, Split split) {}

        Lint(Path photosFolder) {
            this.photosFolder = photosFolder;
        }

        void take(int line, String json) {
            Entry entry;
            try {
                entry = ENTRIES.readValue(json);
            } catch (JacksonException e) {
                fault(line, Kind.BAD_LINE, "not a JSON object of a photo: " + e.getOriginalMessage());
                return;
            }
            if (entry == null || entry.image() == null || entry.split() == null || entry.captions() == null) {
                fault(line, Kind.BAD_LINE, "\"image\", \"split\" and \"captions\" are all needed");
                return;
            }
            check(line, entry.image(), entry.split(), entry.captions());
        }

        private void check(int line, String image, String splitLabel, List<@Nullable String> captions) {
            int before = faults.size();
            Optional<Split> split = Split.ofLabel(splitLabel);
            if (split.isEmpty()) {
                fault(line, Kind.UNKNOWN_SPLIT, "'%s' has the unknown split '%s'".formatted(image, splitLabel));
            } else {
                checkFirstNaming(line, image, split.get());
            }
            if (captions.isEmpty() || captions.stream().anyMatch(caption -> caption == null || caption.isBlank())) {
                fault(line, Kind.EMPTY_CAPTION, "'%s' has no caption or a blank one".formatted(image));
            }
            Path file = photosFolder.resolve(image).normalize();
            if (image.isBlank() || !file.startsWith(photosFolder.normalize()) || !Files.isRegularFile(file)) {
                fault(line, Kind.MISSING_PICTURE, "'%s' is not in %s".formatted(image, photosFolder));
            }
            if (split.isPresent() && faults.size() == before) {
                List<String> written = captions.stream().map(String::valueOf).toList();
                photos.add(new CaptionedPhoto(image, file, split.get(), written));
            }
        }

        private void checkFirstNaming(int line, String image, Split split) {
            Seen first = seen.putIfAbsent(image, new Seen(line, split));
            if (first == null) {
                return;
            }
            if (first.split() == split) {
                fault(line, Kind.DUPLICATE_IMAGE, "'%s' already stands in line %d".formatted(image, first.line()));
            } else {
                fault(
                        line,
                        Kind.SPLIT_LEAK,
                        "'%s' is in split %s but already in split %s in line %d"
                                .formatted(image, split.label(), first.split().label(), first.line()));
            }
        }

        private void fault(int line, Kind kind, String detail) {
            faults.add(new DatasetFault(line, kind, detail));
        }
    }
}
