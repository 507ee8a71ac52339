package io.captioner.bench;

import io.captioner.training.run.KilledTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** SIGKILLs at random moments of one training: in the end it has the weights and the curves of one without. */
final class Kill implements Bench.Scenario {
    private static final int EPOCHS = 12;

    @Override
    public void run(Options options, Report report) throws Exception {
        int kills = options.requests(20);
        Path directory = options.target().resolve("kill").toAbsolutePath();
        FileSystemUtils.deleteRecursively(directory);
        Files.createDirectories(directory);
        KilledTraining.Outcome outcome =
                new KilledTraining(directory, EPOCHS, options.seed(), report::progress).run(kills);
        Table table = new Table("Files of the killed run", "file", "bytes as without kills");
        outcome.compared().forEach(file -> table.row(file, outcome.different().contains(file) ? "no" : "yes"));
        report.add(table);
        report.add(Report.Verdict.atLeast(
                "SIGKILLs in a training of %d steps".formatted(outcome.steps()), kills, outcome.kills()));
        report.add(Report.Verdict.that(
                "weights, optimiser, curves and bundle equal those of the uninterrupted run",
                outcome.different().isEmpty(),
                outcome.different().isEmpty() ? "equal" : String.join(", ", outcome.different())));
    }
}
