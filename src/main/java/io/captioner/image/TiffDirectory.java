package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.UnreadableImageException;
import java.util.ArrayList;
import java.util.List;

/**
 * One image file directory of a TIFF or BigTIFF stream, which is what EXIF is too (TIFF 6.0, section 2); values are
 * read where they lie. At most {@value #MAX_ENTRIES} entries are held.
 */
final class TiffDirectory {
    private static final int MAX_ENTRIES = 4096;
    private static final int[] TYPE_SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    private static final int BIG_TYPES = 16;
    private static final int BIG_VERSION = 43;

    /**
     * One entry.
     *
     * @param tag what it says
     * @param type how its values are stored
     * @param count of its values
     * @param at where its values lie in the stream
     */
    record Entry(int tag, int type, long count, int at) {
        /** Returns the bytes of one value, 0 for an unknown type. */
        int unit() {
            return type < TYPE_SIZES.length ? TYPE_SIZES[type] : 0;
        }

        long size() {
            long unit = unit();
            return unit == 0 ? 0 : Math.min(count, Integer.MAX_VALUE) * unit;
        }

        boolean isBig() {
            return type >= BIG_TYPES && type < TYPE_SIZES.length;
        }
    }

    private final ByteView file;
    private final boolean big;
    private final List<Entry> entries = new ArrayList<>();
    private final int next;

    private TiffDirectory(ByteView file, int at) {
        this.file = file;
        this.big = isBig(file);
        int count = big ? file.u31(big(file, at)) : file.u16(at);
        if (count > MAX_ENTRIES) {
            throw UnreadableImageException.damaged("its TIFF directory has more than " + MAX_ENTRIES + " entries");
        }
        int first = at + (big ? 8 : 2);
        int size = big ? 20 : 12;
        for (int i = 0; i < count; i++) {
            entries.add(entry(first + size * i));
        }
        int end = first + size * count;
        // A last directory may be cut off behind its entries: many files end so.
        next = end <= file.length() - (big ? 8 : 4) ? offset(end) : 0;
    }

    /** @throws UnreadableImageException if the stream is no TIFF or its directory lies outside of it */
    static TiffDirectory first(ByteView stream) {
        ByteView file = ordered(stream);
        return new TiffDirectory(file, isBig(file) ? file.u31(big(file, 8)) : file.u31(4));
    }

    /** Returns another directory of the same stream. */
    TiffDirectory at(int offset) {
        return new TiffDirectory(file, offset);
    }

    List<Entry> entries() {
        return entries;
    }

    /** Returns where the next directory lies, or 0. */
    int next() {
        return next;
    }

    boolean has(int tag) {
        return entries.stream().anyMatch(entry -> entry.tag == tag);
    }

    /** Returns the first value of a tag, or {@code otherwise} where the tag is absent. */
    long value(int tag, long otherwise) {
        long[] values = values(tag, 1);
        return values.length == 0 ? otherwise : values[0];
    }

    /** Returns at most {@code limit} values of a tag of whole numbers, none where it is absent. */
    long[] values(int tag, int limit) {
        for (Entry entry : entries) {
            if (entry.tag == tag) {
                int unit = entry.unit();
                long fit = unit == 0 || entry.at > file.length() ? 0 : (file.length() - entry.at) / unit;
                long[] values = new long[(int) Math.min(limit, Math.min(entry.count, fit))];
                for (int i = 0; i < values.length; i++) {
                    values[i] = number(entry.at + i * unit, unit);
                }
                return values;
            }
        }
        return new long[0];
    }

    /** Returns a tag's text in upper case, empty where it is absent. */
    String text(int tag) {
        StringBuilder text = new StringBuilder();
        for (long letter : values(tag, 64)) {
            text.append(Character.toUpperCase((char) (letter & 0x7f)));
        }
        return text.toString();
    }

    private Entry entry(int at) {
        int type = file.u16(at + 2);
        Entry read = new Entry(file.u16(at), type, big ? file.u31(big(file, at + 4)) : file.u32(at + 4), at);
        int valueAt = at + (big ? 12 : 8);
        boolean isInline = read.size() <= (big ? 8 : 4);
        return new Entry(read.tag, type, read.count, isInline ? valueAt : offset(valueAt));
    }

    private int offset(int at) {
        return big ? file.u31(big(file, at)) : file.u31(at);
    }

    private long number(int at, int unit) {
        return switch (unit) {
            case 1 -> file.u8(at);
            case 2 -> file.u16(at);
            case 8 -> file.u32(big(file, at));
            default -> file.u32(at);
        };
    }

    /** Returns where the low half of a 64-bit number lies: no file held here is larger than it says. */
    private static int big(ByteView file, int at) {
        int high = file.bigEndian() ? at : at + 4;
        if (file.u32(high) != 0) {
            throw UnreadableImageException.damaged("its TIFF directory points beyond the file");
        }
        return file.bigEndian() ? at + 4 : at;
    }

    private static ByteView ordered(ByteView stream) {
        boolean bigEndian = stream.has(0, "MM");
        ByteView file = stream.slice(0, stream.length(), bigEndian);
        if (!bigEndian && !stream.has(0, "II") || file.u16(2) != 42 && !isBig(file)) {
            throw UnreadableImageException.damaged("its TIFF header is damaged");
        }
        return file;
    }

    private static boolean isBig(ByteView file) {
        return file.u16(2) == BIG_VERSION;
    }
}
