package io.captioner.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code ./mvnw -Pbench verify -Dbench=kill}. */
class KilledTrainingTests {
    @TempDir
    private Path directory;

    @Test
    void aTrainingThatIsKilledTwiceEndsLikeOneThatIsNot() throws IOException, InterruptedException {
        KilledTraining.Outcome outcome = new KilledTraining(directory, 2, 1, life -> {}).run(2);

        assertThat(outcome.kills()).isEqualTo(2);
        assertThat(outcome.compared()).contains("run/steps.jsonl", "models/drawn/1/saved_model.pb");
        assertThat(outcome.different()).isEmpty();
    }
}
