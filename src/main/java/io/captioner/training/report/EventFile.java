package io.captioner.training.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.zip.CRC32C;
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

    /**
     * A file of TFRecords: length as a little-endian uint64, its masked CRC-32C, the bytes, their masked CRC-32C
     * (TensorFlow's {@code core/lib/io/record_writer.h}). Every record reaches the file before {@link #write} returns.
     */
    static final class RecordWriter implements AutoCloseable {
        /** From TensorFlow's {@code core/lib/hash/crc32c.h}: a CRC over data that holds a CRC is weak unless masked. */
        private static final int MASK_DELTA = 0xa282ead8;

        private static final int FRAME = Long.BYTES + 2 * Integer.BYTES;

        private final FileChannel channel;

        /** @param file must not exist */
        RecordWriter(Path file) throws IOException {
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        void write(byte[] record) throws IOException {
            ByteBuffer length =
                    ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, record.length);
            ByteBuffer framed = ByteBuffer.allocate(FRAME + record.length).order(ByteOrder.LITTLE_ENDIAN);
            framed.put(length.array())
                    .putInt(maskedCrc(length.array()))
                    .put(record)
                    .putInt(maskedCrc(record))
                    .flip();
            while (framed.hasRemaining()) {
                channel.write(framed);
            }
        }

        private static int maskedCrc(byte[] bytes) {
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
