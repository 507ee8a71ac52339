package io.captioner.training.data;

import io.captioner.training.data.CaptionDataset.Candidate;
import io.captioner.training.data.DatasetFault.Kind;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.source.CaptionEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The check of each entry of the captions files: its split, its captions, and whether its picture is there. */
final class EntryLint implements CaptionEntry.Sink {
    private static final String RESTVAL = "restval";

    private final DatasetFiles files;
    private final SplitLists lists;
    private final ImageSources pictures;
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<DatasetFault> faults = new ArrayList<>();
    private @Nullable Split splitOfFile;
    private int unused;

    EntryLint(DatasetFiles files, SplitLists lists, ImageSources pictures) {
        this.files = files;
        this.lists = lists;
        this.pictures = pictures;
    }

    /** Reads one captions file. */
    void read(SplitFile captions) throws IOException {
        splitOfFile = captions.split();
        try {
            files.format().read(captions.file(), this);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    List<Candidate> candidates() {
        return candidates;
    }

    List<DatasetFault> faults() {
        return faults;
    }

    /** Returns how many images are in no split. */
    int unused() {
        return unused;
    }

    @Override
    public void unreadable(String where, String why) {
        fault(where, Kind.BAD_ENTRY, why);
    }

    @Override
    public void entry(CaptionEntry entry) {
        Optional<Collection<Split>> splits = splits(entry);
        if (splits.isPresent() && splits.get().isEmpty()) {
            unused++;
            return;
        }
        if (splits.isEmpty()) {
            fault(
                    entry.where(),
                    Kind.UNKNOWN_SPLIT,
                    entry.split() == null
                            ? "'%s' has no split; name it with data.captions=train=FILE, or lists with data.splits"
                                    .formatted(entry.image())
                            : "'%s' has the unknown split '%s'; write train, val or test"
                                    .formatted(entry.image(), entry.split()));
        }
        List<String> captions = captions(entry);
        Optional<Path> file = find(entry);
        if (!captions.isEmpty() && file.isPresent()) {
            for (Split split : splits.orElse(Set.of())) {
                candidates.add(new Candidate(entry.where(), entry.image(), file.get(), split, captions));
            }
        }
    }

    /** Returns none if the entry belongs to no split on purpose, and nothing at all if its split cannot be told. */
    private Optional<Collection<Split>> splits(CaptionEntry entry) {
        if (entry.split() != null) {
            return entry.split().strip().equalsIgnoreCase(RESTVAL)
                    ? Optional.of(files.restval() ? List.of(Split.TRAIN) : List.of())
                    : Split.ofLabel(entry.split()).map(List::of);
        } else if (!lists.isEmpty()) {
            return Optional.of(lists.of(entry.image()));
        }
        return Optional.ofNullable(splitOfFile).map(List::of);
    }

    private List<String> captions(CaptionEntry entry) {
        List<String> written = entry.captions();
        if (written.isEmpty()) {
            fault(entry.where(), Kind.EMPTY_CAPTION, "'%s' has no caption".formatted(entry.image()));
        }
        for (int i = 0; i < written.size(); i++) {
            if (written.get(i).isBlank()) {
                fault(
                        entry.where(),
                        Kind.EMPTY_CAPTION,
                        "caption %d of %d of '%s' is blank".formatted(i + 1, written.size(), entry.image()));
            }
        }
        return written.stream().filter(caption -> !caption.isBlank()).toList();
    }

    private Optional<Path> find(CaptionEntry entry) {
        try {
            ImageSources.Found found = pictures.find(entry.image());
            if (found.file().isEmpty()) {
                fault(
                        entry.where(),
                        Kind.MISSING_PICTURE,
                        found.near().isEmpty()
                                ? "'%s' is not in %s".formatted(entry.image(), files.photos())
                                : "'%s' is not in %s, or there more than once; there is '%s'"
                                        .formatted(entry.image(), files.photos(), String.join("', '", found.near())));
            }
            return found.file();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fault(String where, Kind kind, String detail) {
        faults.add(new DatasetFault(where, kind, detail));
    }
}
