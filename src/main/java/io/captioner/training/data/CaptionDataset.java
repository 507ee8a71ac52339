package io.captioner.training.data;

import io.captioner.training.data.DatasetFault.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The linted photos of a data set, in the order of its captions files. Immutable; its pictures can be read, by several
 * threads, until it is closed.
 */
public final class CaptionDataset implements Closeable {
    private final List<CaptionedPhoto> photos;
    private final List<DatasetFault> faults;
    private final int unused;
    private final ImageSources pictures;

    private CaptionDataset(List<CaptionedPhoto> photos, List<DatasetFault> faults, int unused, ImageSources pictures) {
        this.photos = List.copyOf(photos);
        this.faults = List.copyOf(faults);
        this.unused = unused;
        this.pictures = pictures;
    }

    /**
     * Reads the captions files and checks every entry, that its picture is there, and every picture.
     *
     * @param validator the check of the pictures; null to check only that each is there
     * @throws IOException if a captions file, a list, a folder or an archive cannot be read at all
     * @throws FaultyDatasetException if the mode is strict and there is any fault
     */
    public static CaptionDataset read(DatasetFiles files, LintMode mode, @Nullable ImageValidator validator)
            throws IOException {
        ImageSources pictures = ImageSources.open(files.photos());
        try {
            CaptionDataset dataset = read(files, pictures, validator);
            if (mode == LintMode.STRICT && !dataset.faults.isEmpty()) {
                throw new FaultyDatasetException(files.captions(), dataset.faults);
            }
            return dataset;
        } catch (IOException | RuntimeException e) {
            pictures.close();
            throw e;
        }
    }

    private static CaptionDataset read(DatasetFiles files, ImageSources pictures, @Nullable ImageValidator validator)
            throws IOException {
        SplitLists lists = SplitLists.read(files.splits());
        EntryLint lint = new EntryLint(files, lists, pictures);
        for (SplitFile captions : files.captions()) {
            lint.read(captions);
        }
        List<DatasetFault> faults = new ArrayList<>(lint.faults());
        faults.addAll(lists.unknown());
        List<Candidate> candidates =
                DuplicateResolver.resolve(lint.candidates(), Candidate::image, "has the name of", faults::add);
        if (validator != null) {
            candidates = validate(candidates, validator, faults);
        }
        return new CaptionDataset(candidates.stream().map(Candidate::photo).toList(), faults, lint.unused(), pictures);
    }

    private static List<Candidate> validate(
            List<Candidate> candidates, ImageValidator validator, List<DatasetFault> faults) throws IOException {
        ImageValidator.Results results =
                validator.validate(candidates.stream().map(Candidate::file).toList());
        Map<Path, String> hashes = new HashMap<>();
        results.readable().forEach((file, facts) -> hashes.put(file, facts.sha256()));
        List<Candidate> readable = new ArrayList<>();
        for (Candidate candidate : candidates) {
            String refusal = results.refused().get(candidate.file());
            if (refusal == null) {
                readable.add(candidate);
            } else {
                faults.add(new DatasetFault(
                        candidate.where(), Kind.BROKEN_PICTURE, "'%s': %s".formatted(candidate.image(), refusal)));
            }
        }
        return DuplicateResolver.resolve(
                readable,
                candidate -> hashes.getOrDefault(candidate.file(), candidate.image()),
                "is the same picture as",
                faults::add);
    }

    /** Returns every photo without a fault. */
    public List<CaptionedPhoto> photos() {
        return photos;
    }

    /** Returns the photos of one split. */
    public List<CaptionedPhoto> photos(Split split) {
        return photos.stream().filter(photo -> photo.split() == split).toList();
    }

    /** Returns what was wrong with what was left out; always empty after a strict reading. */
    public List<DatasetFault> faults() {
        return faults;
    }

    /** Returns how many images are in no split, which is no fault. */
    public int unused() {
        return unused;
    }

    /** Closes the archives of pictures. */
    @Override
    public void close() throws IOException {
        pictures.close();
    }
}
