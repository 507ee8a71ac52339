package io.captioner.training.resume;

import io.captioner.jobs.AtomicFile;
import io.captioner.jobs.JsonLines;
import io.captioner.jobs.StorageException;
import io.captioner.training.graph.TrainingGraph.StepResult;
import io.captioner.training.report.EventFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The log of a run in its directory: {@code run.json}, a line for each step and epoch, and the same for TensorBoard. A
 * run that was stopped and resumed has the lines of one that was not.
 */
public final class RunLog implements AutoCloseable {
    /** TensorBoard thins out curves of more than a thousand points; {@code steps.jsonl} has every step. */
    private static final int SCALAR_STEPS = 10;

    private static final String STEPS = "steps.jsonl";
    private static final String EPOCHS = "epochs.jsonl";

    private final Path directory;
    private final InstantSource clock;
    private final JsonMapper json = JsonMapper.shared();
    private @Nullable EventFile events;

    /**
     * A log in which nothing is written yet.
     *
     * @param directory the run's, made if absent
     * @throws StorageException if it cannot be made
     */
    public RunLog(Path directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StorageException(
                    "cannot make %s; set captioner.training.run-directory to a writable place".formatted(directory), e);
        }
    }

    /** Writes {@code run.json}: settings and provenance. */
    public void start(Map<String, ?> facts) {
        replace("run.json", pretty(facts));
    }

    /** Continues after a checkpoint: lines of later steps are removed, because these steps are taken again. */
    public void resume(TrainingState state) {
        keep(STEPS, "step", state.step());
        keep(EPOCHS, "epoch", state.epoch());
        Path folder = directory.resolve("tensorboard");
        try {
            close();
            events = EventFile.open(folder, state.step() + 1, clock);
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    /**
     * Appends to {@code steps.jsonl}.
     *
     * @param reward mean of the captions that were sampled; null where none are
     */
    public void step(int step, StepResult result, float learningRate, @Nullable Double reward) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("loss", result.loss());
        line.put("gradientNorm", result.gradientNorm());
        line.put("learningRate", learningRate);
        if (reward != null) {
            line.put("reward", reward);
        }
        append(STEPS, line);
        if (step % SCALAR_STEPS == 0) {
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("loss/train", result.loss());
            values.put("optimiser/gradient norm", result.gradientNorm());
            values.put("optimiser/learning rate", (double) learningRate);
            if (reward != null) {
                values.put("reward/train", reward);
            }
            scalars(step, values);
        }
    }

    /** Appends to {@code epochs.jsonl}. */
    public void epoch(TrainingState state, Map<String, Double> figures) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("epoch", state.epoch());
        line.put("step", state.step());
        line.putAll(figures);
        append(EPOCHS, line);
        Map<String, Double> scalars = new LinkedHashMap<>();
        figures.forEach((name, value) -> scalars.put("validation/" + name, value));
        scalars(state.step(), scalars);
    }

    /** Writes {@code nan-batch.json}: the inputs of the step whose loss is not finite. */
    public Path diverged(Map<String, ?> batch) {
        return replace("nan-batch.json", pretty(batch));
    }

    /** Forces the lines to disk: a checkpoint must not be newer than they are. */
    public void force() {
        for (String file : List.of(STEPS, EPOCHS)) {
            Path path = directory.resolve(file);
            if (Files.exists(path)) {
                try {
                    AtomicFile.force(path);
                } catch (IOException e) {
                    throw cannotWrite(path, e);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (events != null) {
            events.close();
        }
    }

    private void scalars(int step, Map<String, Double> figures) {
        if (events != null) {
            try {
                events.scalars(step, figures);
            } catch (IOException e) {
                throw cannotWrite(directory.resolve("tensorboard"), e);
            }
        }
    }

    private void keep(String file, String counter, int last) {
        Path path = directory.resolve(file);
        if (!Files.exists(path)) {
            return;
        }
        StringBuilder kept = new StringBuilder();
        try {
            for (String line : JsonLines.read(path)) {
                if (numberOf(line, counter) <= last) {
                    kept.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            throw new StorageException("cannot read " + path, e);
        }
        replace(file, kept.toString());
    }

    /** A line without a number is after all others. */
    private int numberOf(String line, String counter) {
        try {
            return json.readTree(line).path(counter).asInt(Integer.MAX_VALUE);
        } catch (JacksonException notJson) {
            return Integer.MAX_VALUE;
        }
    }

    private String pretty(Map<String, ?> facts) {
        return json.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(facts) + "\n";
    }

    private void append(String file, Map<String, ?> line) {
        Path path = directory.resolve(file);
        try {
            Files.write(
                    path,
                    JsonLines.line(json, line),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private Path replace(String file, String text) {
        Path path = directory.resolve(file);
        try {
            return AtomicFile.write(path, text);
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static StorageException cannotWrite(Path path, IOException cause) {
        return new StorageException(
                "cannot write %s; the last checkpoint is intact: free some space or make the directory writable, then start again to resume"
                        .formatted(path),
                cause);
    }
}
