package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ColourConversion;
import io.captioner.image.format.ForeignContent;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.Orientation;
import io.captioner.image.format.UnreadableImageException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The size of a Windows or OS/2 bitmap, and the file with a header of Windows' kinds. */
final class BmpHeader {
    private static final int FILE_HEADER = 14;
    private static final int CORE_HEADER = 12;
    private static final int SHORT_OS2_HEADER = 16;
    private static final int INFO_HEADER = 40;
    private static final int ALPHA_MASK_HEADER = 56;
    private static final int OS2_HEADER = 64;
    private static final int VERSION_5_HEADER = 124;
    private static final Set<Integer> HEADERS = Set.of(
            CORE_HEADER, SHORT_OS2_HEADER, INFO_HEADER, 52, ALPHA_MASK_HEADER, OS2_HEADER, 108, VERSION_5_HEADER);
    private static final int HEADER_SIZE = 14;
    private static final int FILE_SIZE = 2;
    private static final int DATA_OFFSET = 10;
    private static final int COMPRESSION = 30;
    private static final int BITFIELDS = 3;
    private static final int JPEG = 4;
    private static final int PNG = 5;
    private static final int ALPHA_BITFIELDS = 6;
    private static final int ALPHA_MASK = 66;
    private static final int COLOUR_SPACE = 70;
    /** PROFILE_EMBEDDED, as it lies in the file. */
    private static final String EMBEDDED = "DEBM";

    private static final int PROFILE = 126;
    private static final Set<Integer> BITS = Set.of(1, 4, 8, 16, 24, 32);

    private BmpHeader() {}

    static ImageHeader read(byte[] content, ImageLimits limits) {
        ByteView file = ByteView.littleEndian(content);
        int size = file.u31(HEADER_SIZE);
        boolean core = size == CORE_HEADER;
        int width = core ? file.u16(18) : (int) file.u32(18);
        // A negative height stores the rows top to bottom.
        int height = core ? file.u16(20) : Math.abs((int) file.u32(22));
        if (width < 0 || height < 0) {
            throw UnreadableImageException.damaged("the bitmap has a negative size");
        }
        limits.check(width, height);
        if (!HEADERS.contains(size)) {
            throw coding("a header of " + size + " bytes");
        }
        int bits = file.u16(core ? 24 : 28);
        long compression = core || size == SHORT_OS2_HEADER ? 0 : file.u32(COMPRESSION);
        checkCoding(size, bits, compression);
        byte[] plain = plain(file, size, bits, compression);
        return ImageHeader.still(ImageFormat.BMP, width, height, Orientation.UPRIGHT, plain, false)
                .converted(ColourConversion.of(profile(file, size), 3));
    }

    /** Returns the profile that a header of version 5 embeds, null if there is none or it is not in the file. */
    private static byte @Nullable [] profile(ByteView file, int size) {
        if (size != VERSION_5_HEADER || !file.has(COLOUR_SPACE, EMBEDDED)) {
            return null;
        }
        long from = FILE_HEADER + file.u32(PROFILE);
        long length = file.u32(PROFILE + 4);
        return from + length > file.length()
                ? null
                : file.slice((int) from, length, false).copy();
    }

    private static void checkCoding(int size, int bits, long compression) {
        if (size == OS2_HEADER && (compression == BITFIELDS || compression == JPEG)) {
            throw coding(compression == JPEG ? "OS/2 RLE24 compression" : "OS/2 Huffman compression");
        } else if (compression == JPEG || compression == PNG) {
            String inside = compression == JPEG ? "JPEG" : "PNG";
            throw coding("a " + inside + " picture wrapped in it");
        } else if (compression > ALPHA_BITFIELDS) {
            throw coding("compression number " + compression);
        } else if (!BITS.contains(bits)) {
            throw coding(bits + " bits a pixel");
        }
    }

    private static UnreadableImageException coding(String name) {
        return ForeignContent.coding("a BMP bitmap with " + name);
    }

    /** Returns the file with its true size, and OS/2 headers, Windows CE's masks and unused alpha as is common. */
    private static byte[] plain(ByteView file, int size, int bits, long compression) {
        boolean isOs2 = size == SHORT_OS2_HEADER || size == OS2_HEADER;
        byte[] content =
                isOs2 ? withInfoHeader(file.bytes(), size) : file.bytes().clone();
        ByteBuffer plain = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        plain.putInt(FILE_SIZE, content.length);
        boolean isCe = size == INFO_HEADER && compression == ALPHA_BITFIELDS;
        if (isCe) {
            plain.putInt(HEADER_SIZE, ALPHA_MASK_HEADER).putInt(COMPRESSION, BITFIELDS);
        }
        boolean hasMask = (isCe || size >= ALPHA_MASK_HEADER && !isOs2) && bits == 32 && compression >= BITFIELDS;
        if (hasMask && isClear(file, file.u32(ALPHA_MASK))) {
            plain.putInt(ALPHA_MASK, 0);
        }
        return content;
    }

    private static byte[] withInfoHeader(byte[] content, int size) {
        int rest = content.length - FILE_HEADER - size;
        if (rest < 0) {
            throw UnreadableImageException.damaged("its header is cut off");
        }
        ByteBuffer plain = ByteBuffer.allocate(FILE_HEADER + INFO_HEADER + rest).order(ByteOrder.LITTLE_ENDIAN);
        plain.put(content, 0, FILE_HEADER + Math.min(size, INFO_HEADER));
        plain.put(FILE_HEADER + INFO_HEADER, content, FILE_HEADER + size, rest);
        plain.putInt(HEADER_SIZE, INFO_HEADER);
        plain.putInt(DATA_OFFSET, plain.getInt(DATA_OFFSET) + INFO_HEADER - size);
        return plain.array();
    }

    /** Whether alpha is 0 in every pixel: then it is not meant, and viewers show the picture without it. */
    private static boolean isClear(ByteView file, long mask) {
        long from = file.u32(DATA_OFFSET);
        for (long at = from; at + 4 <= file.length(); at += 4) {
            if ((file.u32((int) at) & mask) != 0) {
                return false;
            }
        }
        return mask != 0;
    }
}
