package io.captioner.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;

class EventFileTests {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.500Z");

    @TempDir
    private Path directory;

    @Test
    void whatIsWrittenCanBeReadByTheRulesOfTfRecord() throws IOException {
        try (EventFile events = EventFile.open(directory, 1, InstantSource.fixed(NOON))) {
            events.scalars(10, Map.of("loss/train", 3.25));
            events.scalars(20, Map.of("loss/train", 2.5));
        }

        List<Event> events = read(files().get(0));
        assertThat(events).hasSize(3);
        assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
        assertThat(events.get(1).getStep()).isEqualTo(10);
        assertThat(events.get(1).getWallTime()).isCloseTo(1767268800.5, within(1e-6));
        assertThat(events.get(1).getSummary().getValue(0).getTag()).isEqualTo("loss/train");
        assertThat(events.get(2).getSummary().getValue(0).getSimpleValue()).isEqualTo(2.5f);
    }

    @Test
    void aResumedRunVoidsWhatEarlierFilesSayFromItsFirstStepOn() throws IOException {
        EventFile.open(directory, 1, InstantSource.fixed(NOON)).close();
        EventFile.open(directory, 11, InstantSource.fixed(NOON)).close();

        List<Path> files = files();
        assertThat(files).hasSize(2);
        assertThat(read(files.get(0))).noneMatch(Event::hasSessionLog);
        Event start = read(files.get(1)).get(1);
        assertThat(start.getSessionLog().getStatus()).isEqualTo(SessionLog.SessionStatus.START);
        assertThat(start.getStep()).isEqualTo(11);
    }

    @Test
    void anEventIsInTheFileBeforeItIsClosed() throws IOException {
        try (EventFile events = EventFile.open(directory, 1, InstantSource.fixed(NOON))) {
            events.scalars(1, Map.of("loss/train", 1.0));

            assertThat(read(files().get(0))).hasSize(2);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /** Reads records bit by bit, with a CRC-32C of its own. */
    private static List<Event> read(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
        while (in.available() > 0) {
            byte[] length = in.readNBytes(8);
            assertThat(Integer.reverseBytes(in.readInt())).isEqualTo(masked(length));
            byte[] record =
                    in.readNBytes(Byte.toUnsignedInt(length[0]) + 256 * Byte.toUnsignedInt(length[1])); // all are short
            assertThat(Integer.reverseBytes(in.readInt())).isEqualTo(masked(record));
            events.add(Event.parseFrom(record));
        }
        return events;
    }

    private static int masked(byte[] bytes) {
        int crc = -1;
        for (byte value : bytes) {
            crc ^= Byte.toUnsignedInt(value);
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78); // Castagnoli, reflected
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }
}
