package io.captioner.training.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of TFRecords: length as a little-endian uint64, its masked CRC-32C, the bytes, their masked CRC-32C
 * (TensorFlow's {@code core/lib/io/record_writer.h}). Every record reaches the file before {@link #write} returns.
 */
final class RecordWriter implements AutoCloseable {
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
