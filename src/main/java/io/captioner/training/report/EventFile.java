package io.captioner.training.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * One event file of a run, {@code events.out.tfevents.<seconds>.<number>.captioner}, for {@code tensorboard --logdir}.
 *
 * <p>A run that is resumed writes a new file, which starts with the step from which on the events of earlier files are
 * void: TensorBoard then shows one curve, not two. Every event is in the file when its method returns. Used by one
 * thread.
 */
public final class EventFile implements AutoCloseable {
    private static final String VERSION = "brain.Event:2";

    private final RecordWriter records;
    private final InstantSource clock;

    private EventFile(RecordWriter records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * Starts the next file of a directory.
     *
     * @param directory made if absent
     * @param firstStep the first step that will be written; earlier files' events from it on are void
     */
    public static EventFile open(Path directory, int firstStep, InstantSource clock) throws IOException {
        Files.createDirectories(directory);
        EventFile file = new EventFile(new RecordWriter(next(directory, clock.instant())), clock);
        try {
            file.write(Event.newBuilder().setFileVersion(VERSION));
            if (firstStep > 1) {
                file.write(Event.newBuilder()
                        .setStep(firstStep)
                        .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
            }
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** TensorBoard reads the files of a directory in the order of their names, also those of one second. */
    private static Path next(Path directory, Instant now) {
        int number = 0;
        Path file;
        do {
            file = directory.resolve(
                    "events.out.tfevents.%010d.%03d.captioner".formatted(now.getEpochSecond(), number++));
        } while (Files.exists(file));
        return file;
    }

    /** Writes figures of one step, each under its name; {@code loss/train} is in the group {@code loss}. */
    public void scalars(int step, Map<String, Double> figures) throws IOException {
        Summary.Builder summary = Summary.newBuilder();
        figures.forEach((name, value) ->
                summary.addValue(Summary.Value.newBuilder().setTag(name).setSimpleValue(value.floatValue())));
        write(Event.newBuilder().setStep(step).setSummary(summary));
    }

    private void write(Event.Builder event) throws IOException {
        Instant now = clock.instant();
        records.write(event.setWallTime(now.getEpochSecond() + now.getNano() / 1e9)
                .build()
                .toByteArray());
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
