package io.captioner.image.heif;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.UnreadableImageException;
import java.io.ByteArrayOutputStream;

/**
 * The AV1 data of one HEIF item, brought to what a decoder needs: sequence headers, frames and tiles. A picture size in
 * it that is not that of the item, or frames beyond the layers of one picture, are how a small file makes a decoder
 * allocate or work without bounds (AV1 specification, sections 5.3 to 5.5).
 */
final class Av1Stream {
    private static final int SEQUENCE_HEADER = 1;
    private static final int TEMPORAL_DELIMITER = 2;
    private static final int FRAME_HEADER = 3;
    private static final int TILE_GROUP = 4;
    private static final int FRAME = 6;
    private static final int CONFIGURATION_HEADER = 4;
    /** A picture has up to four layers, and each may be stored and then shown. */
    private static final int MAX_FRAMES = 8;

    private static final int MAX_UNITS = 4096;

    private final int width;
    private final int height;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int frames;
    private int units;
    private int sequences;

    private Av1Stream(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /**
     * Returns configuration and data of an item to be handed to a decoder.
     *
     * @throws UnreadableImageException if they are damaged or hold more than one picture of the item's size
     */
    static CodedItem read(ByteView configuration, byte[] data, int width, int height) {
        Av1Stream stream = new Av1Stream(width, height);
        stream.units(configuration.slice(CONFIGURATION_HEADER, configuration.length(), true));
        stream.units(ByteView.bigEndian(data));
        if (stream.frames == 0 || stream.sequences == 0) {
            throw UnreadableImageException.damaged("an item of the AVIF file holds no picture");
        }
        return new CodedItem(
                CodedItem.Codec.AV1,
                width,
                height,
                configuration.slice(0, CONFIGURATION_HEADER, true).copy(),
                stream.out.toByteArray());
    }

    private void units(ByteView data) {
        int at = 0;
        while (at < data.length()) {
            int header = data.u8(at);
            boolean extended = (header & 4) != 0;
            boolean sized = (header & 2) != 0;
            int body = at + (extended ? 2 : 1);
            long size = data.length() - body;
            if (sized) {
                size = 0;
                int shift = 0;
                int next;
                do {
                    next = data.u8(body++);
                    size |= (long) (next & 0x7f) << shift;
                    shift += 7;
                } while ((next & 0x80) != 0 && shift < 35);
            }
            if (size < 0 || size > data.length() - body || ++units > MAX_UNITS) {
                throw UnreadableImageException.damaged("part of its data is missing");
            }
            unit(header >> 3 & 15, data.slice(body, size, true));
            if (isKept(header >> 3 & 15)) {
                out.write(data.bytes(), data.start() + at, body - at + (int) size);
            }
            at = body + (int) size;
        }
    }

    private static boolean isKept(int type) {
        return type >= SEQUENCE_HEADER && type <= TILE_GROUP && type != TEMPORAL_DELIMITER
                || type == FRAME
                || type == 7;
    }

    private void unit(int type, ByteView body) {
        if (type == SEQUENCE_HEADER) {
            sequences++;
            checkSize(new BitReader(body));
        } else if ((type == FRAME_HEADER || type == FRAME) && ++frames > MAX_FRAMES) {
            throw UnreadableImageException.damaged(
                    "an item of the AVIF file holds more than %d frames".formatted(MAX_FRAMES));
        }
    }

    private void checkSize(BitReader sequence) {
        sequence.skip(3 + 1);
        if (sequence.flag()) {
            sequence.skip(5);
        } else {
            skipTiming(sequence);
        }
        int widthBits = (int) sequence.bits(4) + 1;
        int heightBits = (int) sequence.bits(4) + 1;
        long columns = sequence.bits(widthBits) + 1;
        long rows = sequence.bits(heightBits) + 1;
        if (columns != width || rows != height) {
            throw UnreadableImageException.damaged("its headers disagree about its size");
        }
    }

    private static void skipTiming(BitReader sequence) {
        boolean timing = sequence.flag();
        int delayBits = 0;
        if (timing) {
            sequence.skip(64);
            if (sequence.flag()) {
                sequence.exponential();
            }
            if (sequence.flag()) {
                delayBits = (int) sequence.bits(5) + 1;
                sequence.skip(32 + 5 + 5);
            }
        }
        boolean displayDelay = sequence.flag();
        for (int points = (int) sequence.bits(5); points >= 0; points--) {
            sequence.skip(12);
            if (sequence.bits(5) > 7) {
                sequence.skip(1);
            }
            if (delayBits > 0 && sequence.flag()) {
                sequence.skip(2 * delayBits + 1);
            }
            if (displayDelay && sequence.flag()) {
                sequence.skip(4);
            }
        }
    }
}
