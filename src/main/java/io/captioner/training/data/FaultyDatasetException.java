package io.captioner.training.data;

import io.captioner.jobs.UnusableJobException;
import java.util.List;
import java.util.stream.Collectors;

/** Says that a strictly read data set has faults, and names all of them. */
public final class FaultyDatasetException extends UnusableJobException {
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
