package io.captioner.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.DoubleUnaryOperator;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The colour profile that a PNG's chunks ask for: cICP before iCCP before sRGB before cHRM and gAMA (PNG third edition,
 * section 4.3).
 */
final class PngColours {
    private static final int CURVE = 1024;
    /** ITU-T H.273: what the code points of primaries stand for, red, green and blue in x and y. */
    private static final double[] BT709 = {0.64, 0.33, 0.30, 0.60, 0.15, 0.06};

    private static final double[] BT601_625 = {0.64, 0.33, 0.29, 0.60, 0.15, 0.06};
    private static final double[] BT601_525 = {0.63, 0.34, 0.31, 0.595, 0.155, 0.07};
    private static final double[] BT2020 = {0.708, 0.292, 0.170, 0.797, 0.131, 0.046};
    private static final double[] P3 = {0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
    private static final double[] D65 = {0.3127, 0.3290};
    private static final double[] D50 = {0.96422, 1, 0.82521};
    private static final double[][] BRADFORD = {
        {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
    };
    /** Where the white of an ordinary display lies on the absolute scale of BT.2100, in candela a square metre. */
    private static final double HDR_WHITE = 203.0 / 10_000;

    private byte @Nullable [] coded;
    private byte @Nullable [] embedded;
    private boolean isSrgb;
    private double gamma;
    private double @Nullable [] chromaticities;

    /** Takes note of one chunk. */
    void chunk(ByteView file, int at, int size) {
        if (file.has(at + 4, "cICP") && size >= 4) {
            coded = codePoints(file.u8(at + 8), file.u8(at + 9));
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
            chromaticities = values;
        }
    }

    /** Returns the profile to convert from, or null where the colours are sRGB already. */
    byte @Nullable [] profile() {
        if (coded != null || embedded != null || isSrgb) {
            return coded != null ? coded : embedded;
        }
        boolean isUsual = gamma < 0.05 || gamma > 5 || Math.abs(gamma - 1 / 2.2) < 0.01;
        if (isUsual && (chromaticities == null || gamma == 0)) {
            return null;
        }
        double exponent = 1 / gamma;
        if (chromaticities == null) {
            return matrixProfile(BT709, D65, v -> Math.pow(v, exponent));
        }
        double[] c = chromaticities;
        DoubleUnaryOperator curve = isUsual ? PngColours::srgb : v -> Math.pow(v, exponent);
        return matrixProfile(new double[] {c[2], c[3], c[4], c[5], c[6], c[7]}, new double[] {c[0], c[1]}, curve);
    }

    private static byte @Nullable [] codePoints(int primaries, int transfer) {
        double[] colours = switch (primaries) {
            case 5 -> BT601_625;
            case 6, 7 -> BT601_525;
            case 9 -> BT2020;
            case 11, 12 -> P3;
            default -> BT709;
        };
        DoubleUnaryOperator curve = switch (transfer) {
            case 4 -> v -> Math.pow(v, 2.2);
            case 5 -> v -> Math.pow(v, 2.8);
            case 8 -> v -> v;
            case 16 -> PngColours::perceptualQuantizer;
            // BT.709, BT.2020 and HLG pictures are made for displays of about this curve.
            default -> PngColours::srgb;
        };
        return colours == BT709 && transfer != 4 && transfer != 5 && transfer != 8 && transfer != 16
                ? new byte[0]
                : matrixProfile(colours, D65, curve);
    }

    private static double srgb(double v) {
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    private static double perceptualQuantizer(double v) {
        double power = Math.pow(v, 1 / 78.84375);
        double light = Math.pow(Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125);
        return Math.min(1, light / HDR_WHITE);
    }

    /** Returns an ICC profile (version 2, display) of these primaries and white in x and y, and one curve for all. */
    private static byte @Nullable [] matrixProfile(double[] primaries, double[] white, DoubleUnaryOperator curve) {
        double[][] columns = {
            xyz(primaries[0], primaries[1]), xyz(primaries[2], primaries[3]), xyz(primaries[4], primaries[5])
        };
        double[] whiteXyz = xyz(white[0], white[1]);
        double[] shares = solve(columns, whiteXyz);
        double[] cone = cone(whiteXyz);
        double[] target = cone(D50);
        ByteBuffer file = ByteBuffer.allocate(128 + 4 + 7 * 12 + 4 * 20 + 12 + 2 * CURVE);
        int curveAt = 128 + 4 + 7 * 12 + 4 * 20;
        file.putInt(0, file.capacity());
        file.putInt(8, 0x02200000);
        put(file, 12, "mntrRGB XYZ ");
        put(file, 36, "acsp");
        xyz(file, 68, D50);
        file.putInt(128, 7);
        String[] tags = {"wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
        for (int i = 0; i < tags.length; i++) {
            int entry = 132 + 12 * i;
            put(file, entry, tags[i]);
            file.putInt(entry + 4, i < 4 ? 216 + 20 * i : curveAt);
            file.putInt(entry + 8, i < 4 ? 20 : 12 + 2 * CURVE);
        }
        for (int i = 0; i < 4; i++) {
            put(file, 216 + 20 * i, "XYZ ");
            double[] value = i == 0 ? D50 : adapted(columns[i - 1], shares[i - 1], cone, target);
            xyz(file, 216 + 20 * i + 8, value);
        }
        put(file, curveAt, "curv");
        file.putInt(curveAt + 8, CURVE);
        for (int i = 0; i < CURVE; i++) {
            double value = curve.applyAsDouble(i / (CURVE - 1.0));
            file.putShort(curveAt + 12 + 2 * i, (short) Math.round(65535 * Math.max(0, Math.min(1, value))));
        }
        return file.array();
    }

    private static double[] adapted(double[] colour, double share, double[] from, double[] to) {
        double[] cone = cone(colour);
        for (int i = 0; i < 3; i++) {
            cone[i] *= share * to[i] / from[i];
        }
        return solve(new double[][] {column(BRADFORD, 0), column(BRADFORD, 1), column(BRADFORD, 2)}, cone);
    }

    private static double[] column(double[][] rows, int i) {
        return new double[] {rows[0][i], rows[1][i], rows[2][i]};
    }

    private static double[] cone(double[] xyz) {
        double[] cone = new double[3];
        for (int i = 0; i < 3; i++) {
            cone[i] = BRADFORD[i][0] * xyz[0] + BRADFORD[i][1] * xyz[1] + BRADFORD[i][2] * xyz[2];
        }
        return cone;
    }

    private static double[] xyz(double x, double y) {
        double safe = Math.max(1e-6, y);
        return new double[] {x / safe, 1, (1 - x - y) / safe};
    }

    /** Solves for the shares of three columns that sum to a vector, by Cramer's rule. */
    private static double[] solve(double[][] c, double[] sum) {
        double all = determinant(c[0], c[1], c[2]);
        return new double[] {
            determinant(sum, c[1], c[2]) / all, determinant(c[0], sum, c[2]) / all, determinant(c[0], c[1], sum) / all
        };
    }

    private static double determinant(double[] a, double[] b, double[] c) {
        return a[0] * (b[1] * c[2] - b[2] * c[1])
                - b[0] * (a[1] * c[2] - a[2] * c[1])
                + c[0] * (a[1] * b[2] - a[2] * b[1]);
    }

    private static void put(ByteBuffer file, int at, String ascii) {
        file.put(at, ascii.getBytes(StandardCharsets.US_ASCII));
    }

    private static void xyz(ByteBuffer file, int at, double[] xyz) {
        for (int i = 0; i < 3; i++) {
            file.putInt(at + 4 * i, (int) Math.round(xyz[i] * 65536));
        }
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
