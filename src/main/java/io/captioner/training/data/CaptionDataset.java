package io.captioner.training.data;

import io.captioner.jobs.UnusableJobException;
import io.captioner.training.data.DatasetFault.Kind;
import io.captioner.training.data.DatasetFiles.SplitFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    /**
     * A photo on its way through the lint.
     *
     * @param where the place in the captions file
     * @param captions none blank
     */
    record Candidate(String where, String image, Path file, Split split, List<String> captions) {
        CaptionedPhoto photo() {
            return new CaptionedPhoto(image, file, split, captions);
        }
    }

    /** What happens to a data set in which the lint found faults. */
    public enum LintMode {
        /** Reading fails and names every fault. */
        STRICT,
        /** What is faulty, and nothing else, is left out, and every fault is reported beside the rest. */
        LENIENT
    }

    /** Says that a strictly read data set has faults, and names all of them. */
    public static final class FaultyDatasetException extends UnusableJobException {
        private static final long serialVersionUID = 1L;

        private final transient List<DatasetFault> faults;

        FaultyDatasetException(List<SplitFile> captions, List<DatasetFault> faults) {
            super("%s: %d fault(s); correct them, or read leniently (data.lint=lenient) to leave out what is faulty:%n%s"
                    .formatted(
                            captions.stream().map(SplitFile::toString).collect(Collectors.joining(", ")),
                            faults.size(),
                            faults.stream().map(DatasetFault::toString).collect(Collectors.joining("\n"))));
            this.faults = List.copyOf(faults);
        }

        /** Returns every fault. */
        public List<DatasetFault> faults() {
            return faults;
        }
    }

    /**
     * The rule for photos that are the same: in one split the first stays, of two splits test goes before val and val
     * before train.
     */
    static final class DuplicateResolver {
        private DuplicateResolver() {}

        /**
         * Leaves one of each set of equal photos.
         *
         * @param key equal for photos that are the same
         * @param same what they have in common, as in "has the name of"
         * @param faults told of each photo that does not stay
         * @return those that stay, in their order
         */
        static List<Candidate> resolve(
                List<Candidate> candidates, Function<Candidate, String> key, String same, Consumer<DatasetFault> faults) {
            Map<String, Candidate> winners = new HashMap<>();
            for (Candidate candidate : candidates) {
                String name = key.apply(candidate);
                Candidate other = winners.putIfAbsent(name, candidate);
                if (other == null) {
                    continue;
                }
                boolean wins = candidate.split().compareTo(other.split()) > 0;
                Candidate loser = wins ? other : candidate;
                Candidate winner = wins ? candidate : other;
                winners.put(name, winner);
                faults.accept(fault(loser, winner, same));
            }
            return candidates.stream()
                    .filter(candidate -> winners.get(key.apply(candidate)) == candidate)
                    .toList();
        }

        private static DatasetFault fault(Candidate loser, Candidate winner, String same) {
            Kind kind = loser.split() == winner.split() ? Kind.DUPLICATE_IMAGE : Kind.SPLIT_LEAK;
            return new DatasetFault(
                    loser.where(),
                    kind,
                    "'%s' in split %s %s '%s' in split %s (%s)"
                            .formatted(
                                    loser.image(),
                                    loser.split().label(),
                                    same,
                                    winner.image(),
                                    winner.split().label(),
                                    winner.where()));
        }
    }
}
