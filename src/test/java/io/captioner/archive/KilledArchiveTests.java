package io.captioner.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledArchiveTests {
    @TempDir
    private Path directory;

    @Test
    void allThatWasAcknowledgedIsFoundAfterKills() throws Exception {
        KilledArchive.Outcome outcome = new KilledArchive(directory, 1, kill -> {}).run(3);

        assertThat(outcome.lost()).isEmpty();
        assertThat(outcome.acknowledged()).isGreaterThan(100);
        assertThat(outcome.found()).isGreaterThanOrEqualTo(outcome.acknowledged());
    }
}
