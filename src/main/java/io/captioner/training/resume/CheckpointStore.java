package io.captioner.training.resume;

import io.captioner.jobs.StorageException;
import io.captioner.jobs.UnusableJobException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TensorFlowException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checkpoints of one run directory, {@code checkpoints/step-00000123/} each.
 *
 * <p>A checkpoint is written into a temporary directory, forced to disk and renamed: a process killed at any time
 * leaves the last complete one intact. Of the complete ones the newest and the best are kept.
 */
public final class CheckpointStore {
    private static final Pattern COMPLETE = Pattern.compile("step-\\d{8}");
    private static final String STATE = "state.json";
    private static final String VARIABLES = "variables";

    private final Path directory;
    private final JsonMapper json = JsonMapper.shared();

    /** @param run the run's directory */
    public CheckpointStore(Path run) {
        this.directory = run.resolve("checkpoints");
    }

    /**
     * Writes one checkpoint. A step has one set of variables: if its checkpoint is there, only the state is replaced.
     *
     * @param variables writes the variables under the path prefix it is given
     * @throws StorageException if the disk is full or not writable; earlier checkpoints are intact then
     */
    public void save(TrainingState state, Consumer<String> variables) {
        try {
            Path complete = directory.resolve(name(state.step()));
            if (Files.isDirectory(complete)) {
                replaceState(complete, state);
            } else {
                write(complete, state, variables);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        } catch (UncheckedIOException | TensorFlowException e) {
            throw cannotWrite(new IOException(e.getMessage(), e));
        }
        prune(state);
    }

    private void write(Path complete, TrainingState state, Consumer<String> variables) throws IOException {
        Path temporary = directory.resolve(".writing");
        FileSystemUtils.deleteRecursively(temporary);
        Files.createDirectories(temporary);
        variables.accept(temporary.resolve(VARIABLES).toString());
        Files.write(temporary.resolve(STATE), json.writeValueAsBytes(state));
        for (Path file : list(temporary)) {
            force(file);
        }
        forceDirectory(temporary);
        Files.move(temporary, complete, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(directory);
    }

    private void replaceState(Path complete, TrainingState state) throws IOException {
        Path temporary = complete.resolve(STATE + ".writing");
        Files.write(temporary, json.writeValueAsBytes(state));
        force(temporary);
        Files.move(temporary, complete.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(complete);
    }

    private StorageException cannotWrite(IOException cause) {
        return new StorageException(
                "could not write a checkpoint under %s; the last one is intact: free some space or make the directory writable, then start again to resume"
                        .formatted(directory),
                cause);
    }

    private StorageException cannotDelete(IOException cause) {
        return new StorageException(
                "could not delete old checkpoints under %s; the newest is intact: make the directory writable, then start again to resume"
                        .formatted(directory),
                cause);
    }

    /** Returns the state of the newest complete checkpoint. */
    public Optional<TrainingState> newest() {
        return complete().stream()
                .max(Comparator.comparing(path -> path.getFileName().toString()))
                .map(this::read);
    }

    /**
     * Reads the variables that were saved at a step.
     *
     * @param variables reads them under the path prefix it is given
     * @throws UnusableJobException if they are damaged or gone; says what to do
     */
    public void restore(int step, Consumer<String> variables) {
        Path checkpoint = directory.resolve(name(step));
        try {
            variables.accept(checkpoint.resolve(VARIABLES).toString());
        } catch (TFResourceExhaustedException memory) {
            throw memory;
        } catch (TensorFlowException e) {
            throw damaged(checkpoint, e.getMessage());
        }
    }

    private static UnusableJobException damaged(Path checkpoint, @Nullable String why) {
        return new UnusableJobException(
                "the checkpoint %s is damaged or not whole (%s); delete this directory to go on from the checkpoint before it, or set captioner.training.run-directory to a new directory"
                        .formatted(checkpoint, why));
    }

    /**
     * Deletes all checkpoints but the newest and the best; also what a process left that was killed while it did so.
     *
     * @throws StorageException if they cannot be deleted
     */
    public void prune(TrainingState newest) {
        List<String> kept = List.of(name(newest.step()), name(newest.best().step()));
        try {
            for (Path path : complete()) {
                if (!kept.contains(path.getFileName().toString())) {
                    FileSystemUtils.deleteRecursively(path);
                }
            }
        } catch (IOException e) {
            throw cannotDelete(e);
        } catch (UncheckedIOException e) {
            throw cannotDelete(new IOException(e.getMessage(), e));
        }
    }

    private List<Path> complete() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        return list(directory).stream()
                .filter(path -> COMPLETE.matcher(path.getFileName().toString()).matches())
                .toList();
    }

    private TrainingState read(Path checkpoint) {
        try {
            return json.readValue(Files.readAllBytes(checkpoint.resolve(STATE)), TrainingState.class);
        } catch (NoSuchFileException | JacksonException e) {
            throw damaged(checkpoint, e.getMessage());
        } catch (IOException e) {
            throw new StorageException("could not read the checkpoint " + checkpoint, e);
        }
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(int step) {
        return "step-%08d".formatted(step);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void forceDirectory(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
