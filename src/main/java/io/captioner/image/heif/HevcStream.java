package io.captioner.image.heif;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.UnreadableImageException;
import java.io.ByteArrayOutputStream;

/**
 * The H.265 data of one HEIF item, brought to what a decoder needs: parameter sets and slices of the base layer, each
 * behind its length of four bytes. A picture size in it that is not that of the item, or slices beyond one picture's,
 * are how a small file makes a decoder allocate or work without bounds (ITU-T H.265, section 7.3; ISO/IEC 14496-15,
 * 8.3).
 */
final class HevcStream {
    /** What may be beyond the item's size: whole coding blocks are stored, the rest is cut off. */
    static final int MAX_PADDING = 128;

    private static final int CONFIGURATION_HEADER = 22;
    /** As many as the scans of a JPEG, and for the same reason. */
    private static final int MAX_SLICES = 64;

    private static final int MAX_PARAMETER_SETS = 64;
    private static final int SPS = 33;

    private final int width;
    private final int height;
    private int pictures;
    private int slices;
    private int parameterSets;

    private HevcStream(int width, int height) {
        this.width = width;
        this.height = height;
    }

    /**
     * Returns configuration and data of an item to be handed to a decoder.
     *
     * @throws UnreadableImageException if they are damaged or hold more than one picture of the item's size
     */
    static CodedItem read(ByteView configuration, byte[] data, int width, int height) {
        HevcStream stream = new HevcStream(width, height);
        ByteArrayOutputStream units = new ByteArrayOutputStream();
        stream.parameterSets(configuration, units);
        stream.units(ByteView.bigEndian(data), (configuration.u8(21) & 3) + 1, units);
        if (stream.pictures != 1) {
            throw UnreadableImageException.damaged(
                    "an item of the HEIF file holds %d pictures".formatted(stream.pictures));
        }
        byte[] header = configuration.slice(0, CONFIGURATION_HEADER, true).copy();
        header[21] |= 3;
        byte[] config = new byte[CONFIGURATION_HEADER + 1];
        System.arraycopy(header, 0, config, 0, CONFIGURATION_HEADER);
        return new CodedItem(CodedItem.Codec.HEVC, width, height, config, units.toByteArray());
    }

    private void parameterSets(ByteView configuration, ByteArrayOutputStream out) {
        int at = CONFIGURATION_HEADER + 1;
        for (int arrays = configuration.u8(CONFIGURATION_HEADER); arrays > 0; arrays--) {
            int count = configuration.u16(at + 1);
            at += 3;
            for (; count > 0; count--) {
                int size = configuration.u16(at);
                unit(configuration.slice(at + 2, size, true), size, out);
                at += 2 + size;
            }
        }
    }

    private void units(ByteView data, int lengthSize, ByteArrayOutputStream out) {
        int at = 0;
        while (at < data.length()) {
            long size = HeifBoxes.number(data, at, lengthSize);
            unit(data.slice(at + lengthSize, size, true), size, out);
            at += lengthSize + (int) size;
        }
    }

    private void unit(ByteView unit, long size, ByteArrayOutputStream out) {
        if (unit.length() != size) {
            throw UnreadableImageException.damaged("part of its data is missing");
        }
        if (size < 3) {
            return;
        }
        int type = unit.u8(0) >> 1 & 0x3f;
        int layer = (unit.u8(0) & 1) << 5 | unit.u8(1) >> 3;
        boolean slice = type < 32;
        if (layer > 0 || type > SPS + 1) {
            return;
        }
        if (slice) {
            pictures += unit.u8(2) >> 7;
            slices++;
        } else {
            parameterSets++;
        }
        if (slices > MAX_SLICES || parameterSets > MAX_PARAMETER_SETS) {
            throw UnreadableImageException.damaged("its picture is stored in more than %d parts".formatted(MAX_SLICES));
        }
        if (type == SPS) {
            checkSize(new BitReader(ByteView.bigEndian(unescaped(unit))));
        }
        out.write((int) (size >> 24));
        out.write((int) (size >> 16));
        out.write((int) (size >> 8));
        out.write((int) size);
        out.write(unit.bytes(), unit.start(), unit.length());
    }

    private void checkSize(BitReader sps) {
        sps.skip(16 + 4);
        int subLayers = (int) sps.bits(3);
        sps.skip(1 + 96);
        int[] present = new int[subLayers];
        for (int i = 0; i < subLayers; i++) {
            present[i] = (int) sps.bits(2);
        }
        sps.skip(subLayers > 0 ? 2 * (8 - subLayers) : 0);
        for (int flags : present) {
            sps.skip((flags & 2) * 44 + (flags & 1) * 8);
        }
        sps.exponential();
        if (sps.exponential() == 3) {
            sps.skip(1);
        }
        long columns = sps.exponential();
        long rows = sps.exponential();
        if (columns < width || columns > width + MAX_PADDING || rows < height || rows > height + MAX_PADDING) {
            throw UnreadableImageException.damaged("its headers disagree about its size");
        }
    }

    /** Returns the unit without the bytes that keep start codes out of it. */
    private static byte[] unescaped(ByteView unit) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int zeros = 0;
        for (int i = 0; i < unit.length(); i++) {
            int value = unit.u8(i);
            if (zeros >= 2 && value == 3) {
                zeros = 0;
                continue;
            }
            zeros = value == 0 ? zeros + 1 : 0;
            plain.write(value);
        }
        return plain.toByteArray();
    }
}
