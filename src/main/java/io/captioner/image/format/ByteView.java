package io.captioner.image.format;

import io.captioner.image.format.UnreadableImageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers and tags read out of a byte array, each access bounds-checked: reading past the end refuses the image. */
public record ByteView(byte[] bytes, int start, int end, boolean bigEndian) {
    public static ByteView bigEndian(byte[] bytes) {
        return new ByteView(bytes, 0, bytes.length, true);
    }

    public static ByteView littleEndian(byte[] bytes) {
        return new ByteView(bytes, 0, bytes.length, false);
    }

    /** Returns the part from {@code offset}, at most {@code length} bytes and never beyond this view. */
    public ByteView slice(int offset, long length, boolean bigEndianSlice) {
        int from = position(offset, 0);
        return new ByteView(bytes, from, (int) Math.min(end, from + Math.max(0, length)), bigEndianSlice);
    }

    /** Returns the bytes of this view in an array of their own. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    public int length() {
        return end - start;
    }

    public int u8(int offset) {
        return bytes[position(offset, 1)] & 0xff;
    }

    public int u16(int offset) {
        int at = position(offset, 2);
        int first = bytes[at] & 0xff;
        int second = bytes[at + 1] & 0xff;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    public int u24(int offset) {
        return bigEndian ? u8(offset) << 16 | u16(offset + 1) : u16(offset) | u8(offset + 2) << 16;
    }

    public long u32(int offset) {
        long first = u16(offset);
        long second = u16(offset + 2);
        return bigEndian ? first << 16 | second : second << 16 | first;
    }

    /** Returns a 32-bit length or coordinate that must fit an int. */
    public int u31(int offset) {
        return (int) Math.min(u32(offset), Integer.MAX_VALUE);
    }

    /** Returns the characters of {@code length} bytes. */
    public String ascii(int offset, int length) {
        return new String(bytes, position(offset, length), length, StandardCharsets.ISO_8859_1);
    }

    public boolean has(int offset, String ascii) {
        if (offset < 0 || offset > length() - ascii.length()) {
            return false;
        }
        return new String(bytes, start + offset, ascii.length(), StandardCharsets.ISO_8859_1).equals(ascii);
    }

    private int position(int offset, int size) {
        if (offset < 0 || offset > length() - size) {
            throw new UnreadableImageException(
                    Reason.CORRUPT, "The picture's header is cut off or damaged. Send the whole, original file.");
        }
        return start + offset;
    }
}
