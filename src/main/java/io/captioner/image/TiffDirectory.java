package io.captioner.image;

import java.util.ArrayList;
import java.util.List;

/**
 * The first image file directory (IFD0) of a TIFF stream, which is what EXIF is too (TIFF 6.0, section 2); only its
 * twelve-byte entries are held.
 */
public final class TiffDirectory {
    static final int ENTRY = 12;
    private static final int[] TYPE_SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

    /** One entry: where it lies in the file, its tag, the bytes its values take and the first value. */
    record Entry(int offset, int tag, long size, long value) {}

    private final List<Entry> entries = new ArrayList<>();

    /** @throws UnreadableImageException if the stream is no TIFF or its directory lies outside of it */
    TiffDirectory(ByteView stream) {
        boolean bigEndian = stream.has(0, "MM\0*");
        if (!bigEndian && !stream.has(0, "II*\0")) {
            throw ImageHeader.damaged("its TIFF header is damaged");
        }
        ByteView file = stream.slice(0, stream.length(), bigEndian);
        int at = file.u31(4);
        int count = file.u16(at);
        for (int i = 0; i < count; i++) {
            entries.add(entry(file, at + 2 + ENTRY * i));
        }
    }

    private static Entry entry(ByteView file, int at) {
        int type = file.u16(at + 2);
        int unit = type < TYPE_SIZES.length ? TYPE_SIZES[type] : 1;
        long size = unit * file.u32(at + 4);
        int farAt = file.u31(at + 8);
        int valueAt = size <= 4 ? at + 8 : farAt;
        long value = 0;
        if (valueAt >= 0 && valueAt <= file.length() - 4) {
            value = unit == 2 ? file.u16(valueAt) : unit == 1 ? file.u8(valueAt) : file.u32(valueAt);
        }
        return new Entry(at, file.u16(at), size, value);
    }

    List<Entry> entries() {
        return entries;
    }

    /** Returns the first value of a tag, or {@code otherwise} where the tag is absent. */
    long value(int tag, long otherwise) {
        return entries.stream()
                .filter(entry -> entry.tag == tag)
                .map(Entry::value)
                .findFirst()
                .orElse(otherwise);
    }
}
