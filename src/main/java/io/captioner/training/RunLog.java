package io.captioner.training;

import io.captioner.training.checkpoint.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a run directory tells of its run: {@code run.json} once, and a line for each step and epoch. */
final class RunLog {
    private final Path directory;
    private final JsonMapper json = JsonMapper.shared();

    /** @param directory the run's, made if absent */
    RunLog(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make %s; set captioner.training.run-directory to a writable place".formatted(directory), e);
        }
    }

    /** Writes {@code run.json}: settings and provenance. */
    void start(Map<String, ?> facts) {
        write(
                "run.json",
                json.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(facts) + "\n",
                StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Appends to {@code steps.jsonl}; a resumed run repeats the steps since its checkpoint. */
    void step(int step, double loss, float learningRate) {
        append("steps.jsonl", Map.of("step", step, "loss", loss, "learningRate", learningRate));
    }

    /** Appends to {@code epochs.jsonl}. */
    void epoch(TrainingState state, Map<String, Double> figures) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("epoch", state.epoch());
        line.put("step", state.step());
        line.putAll(figures);
        append("epochs.jsonl", line);
    }

    private void append(String file, Map<String, ?> line) {
        write(file, json.writeValueAsString(line) + "\n", StandardOpenOption.APPEND);
    }

    private void write(String file, String text, StandardOpenOption how) {
        try {
            Files.writeString(
                    directory.resolve(file),
                    text,
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    how);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write %s".formatted(directory.resolve(file)), e);
        }
    }
}
