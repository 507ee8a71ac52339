package io.captioner.training.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Says that a strictly read data set has faults, and names all of them. */
public final class FaultyDatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<DatasetFault> faults;

    FaultyDatasetException(Path captionsFile, List<DatasetFault> faults) {
        super("%s has %d fault(s); correct them or read it leniently to leave these entries out:%n%s"
                .formatted(
                        captionsFile,
                        faults.size(),
                        faults.stream().map(DatasetFault::toString).collect(Collectors.joining("\n"))));
        this.faults = List.copyOf(faults);
    }

    /** Returns every fault in the order of the lines. */
    public List<DatasetFault> faults() {
        return faults;
    }
}
