package io.captioner.image;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The colour profile that a PNG's chunks ask for: cICP before iCCP before sRGB before cHRM and gAMA (PNG third edition,
 * section 4.3).
 */
final class PngColours {
    private boolean isCoded;
    private byte @Nullable [] coded;
    private byte @Nullable [] embedded;
    private boolean isSrgb;
    private double gamma;
    private double @Nullable [] chromaticities;

    /** Takes note of one chunk. */
    void chunk(ByteView file, int at, int size) {
        if (file.has(at + 4, "cICP") && size >= 4) {
            isCoded = true;
            coded = CodedColours.profile(file.u8(at + 8), file.u8(at + 9));
        } else if (file.has(at + 4, "iCCP")) {
            embedded = inflate(file, at + 8, size);
        } else if (file.has(at + 4, "sRGB")) {
            isSrgb = true;
        } else if (file.has(at + 4, "gAMA") && size >= 4) {
            gamma = file.u32(at + 8) / 100_000.0;
        } else if (file.has(at + 4, "cHRM") && size >= 32) {
            double[] values = new double[8];
            for (int i = 0; i < values.length; i++) {
                values[i] = file.u32(at + 8 + 4 * i) / 100_000.0;
            }
            chromaticities = CodedColours.isColourSpace(values) ? values : null;
        }
    }

    /** Returns the profile to convert from, or null where the colours are sRGB already. */
    byte @Nullable [] profile() {
        if (isCoded || embedded != null || isSrgb) {
            return isCoded ? coded : embedded;
        }
        boolean isUsual = gamma < 0.05 || gamma > 5 || Math.abs(gamma - 1 / 2.2) < 0.01;
        if (isUsual && (chromaticities == null || gamma == 0)) {
            return null;
        }
        double exponent = 1 / gamma;
        return CodedColours.profile(chromaticities, isUsual ? CodedColours.SRGB : v -> Math.pow(v, exponent));
    }

    /** Returns the profile of an iCCP chunk, or null where it is damaged or larger than any profile. */
    private static byte @Nullable [] inflate(ByteView file, int at, int size) {
        int name = 0;
        while (name < Math.min(80, size) && file.u8(at + name) != 0) {
            name++;
        }
        int from = name + 2;
        if (from >= size || file.u8(at + name) != 0) {
            return null;
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(file.bytes(), file.start() + at + from, size - from);
            byte[] start = new byte[4];
            if (inflater.inflate(start) < start.length) {
                return null;
            }
            int length = ByteBuffer.wrap(start).getInt();
            if (length < 128 || length > ColourConversion.MAX_PROFILE) {
                return null;
            }
            byte[] profile = new byte[length];
            System.arraycopy(start, 0, profile, 0, start.length);
            int read = start.length;
            int more = 1;
            while (read < length && more > 0) {
                more = inflater.inflate(profile, read, length - read);
                read += more;
            }
            return read == length ? profile : null;
        } catch (DataFormatException damaged) {
            return null;
        } finally {
            inflater.end();
        }
    }
}
