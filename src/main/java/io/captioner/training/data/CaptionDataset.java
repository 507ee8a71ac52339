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
     * Reads a data set folder: {@code captions.jsonl} with its pictures under {@code photos/}.
     *
     * @see #read(Path, Path, LintMode)
     */
    public static CaptionDataset read(Path folder, LintMode mode) throws IOException {
        return read(folder.resolve("captions.jsonl"), folder.resolve("photos"), mode);
    }

    /**
     * Reads a captions file that says its splits, without a look into the pictures.
     *
     * @param photos the folder or the zip archive of its pictures
     * @see #read(DatasetFiles, LintMode, ImageValidator)
     */
    public static CaptionDataset read(Path captions, Path photos, LintMode mode) throws IOException {
        return read(DatasetFiles.of(captions, photos), mode, null);
    }

    /**
     * Reads the captions files and checks every entry, that its picture is there, and every picture.
     *
     * @param inspector the look into the pictures; null to check only that each is there
     * @throws IOException if a captions file, a list, a folder or an archive cannot be read at all
     * @throws FaultyDatasetException if the mode is strict and there is any fault
     */
    public static CaptionDataset read(DatasetFiles files, LintMode mode, @Nullable ImageValidator inspector)
            throws IOException {
        ImageSources pictures = ImageSources.open(files.photos());
        try {
            CaptionDataset dataset = read(files, pictures, inspector);
            if (mode == LintMode.STRICT && !dataset.faults.isEmpty()) {
                throw new FaultyDatasetException(files.captions(), dataset.faults);
            }
            return dataset;
        } catch (IOException | RuntimeException e) {
            pictures.close();
            throw e;
        }
    }

    private static CaptionDataset read(DatasetFiles files, ImageSources pictures, @Nullable ImageValidator inspector)
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
        if (inspector != null) {
            candidates = inspect(candidates, inspector, faults);
        }
        return new CaptionDataset(candidates.stream().map(Candidate::photo).toList(), faults, lint.unused(), pictures);
    }

    private static List<Candidate> inspect(
            List<Candidate> candidates, ImageValidator inspector, List<DatasetFault> faults) throws IOException {
        ImageValidator.ResultCache findings =
                inspector.inspect(candidates.stream().map(Candidate::file).toList());
        Map<Path, String> hashes = new HashMap<>();
        findings.readable().forEach((file, facts) -> hashes.put(file, facts.sha256()));
        List<Candidate> readable = new ArrayList<>();
        for (Candidate candidate : candidates) {
            String refusal = findings.refused().get(candidate.file());
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

    /** Returns every photo that is left. */
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

    /** Returns how many images were left out because no split wants them, which is no fault. */
    public int unused() {
        return unused;
    }

    /** Closes the archives of pictures. */
    @Override
    public void close() throws IOException {
        pictures.close();
    }
}
