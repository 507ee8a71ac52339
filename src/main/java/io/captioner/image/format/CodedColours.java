package io.captioner.image.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** ICC profiles of colours that a file gives in numbers: code points (ITU-T H.273) or chromaticities and a curve. */
public final class CodedColours {
    private static final int CURVE = 1024;
    /** ITU-T H.273: what the code points of primaries stand for, red, green and blue in x and y. */
    private static final double[] BT709 = {0.64, 0.33, 0.30, 0.60, 0.15, 0.06};

    private static final double[] BT601_625 = {0.64, 0.33, 0.29, 0.60, 0.15, 0.06};
    private static final double[] BT601_525 = {0.63, 0.34, 0.31, 0.595, 0.155, 0.07};
    private static final double[] BT2020 = {0.708, 0.292, 0.170, 0.797, 0.131, 0.046};
    private static final double[] P3 = {0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
    /** Far beyond the shares that primaries have in the white of any display. */
    private static final double MAX_SHARE = 100;

    private static final double[] D65 = {0.3127, 0.3290};
    private static final double[] D50 = {0.96422, 1, 0.82521};
    private static final double[][] BRADFORD = {
        {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
    };
    /** Where the white of an ordinary display lies on the absolute scale of BT.2100, in candela a square metre. */
    private static final double HDR_WHITE = 203.0 / 10_000;

    /** Scene light of paper white in HLG, at a signal of 75 %. */
    private static final double HLG_WHITE = 0.265;

    /** The curve of sRGB, from values to light. */
    public static final DoubleUnaryOperator SRGB = v -> v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);

    private CodedColours() {}

    /** Returns the profile of code points of primaries and transfer, null where they are sRGB or not known. */
    public static byte @Nullable [] profile(int primaries, int transfer) {
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
            case 16 -> CodedColours::perceptualQuantizer;
            case 18 -> CodedColours::hybridLogGamma;
            // BT.709 and BT.2020 pictures are made for displays of about this curve.
            default -> SRGB;
        };
        return colours == BT709 && curve == SRGB ? null : matrixProfile(colours, D65, curve);
    }

    /**
     * Returns the profile of white, red, green and blue in x and y, those of sRGB where they are null.
     *
     * @param curve from values to light, both 0 to 1
     */
    public static byte[] profile(double @Nullable [] chromaticities, DoubleUnaryOperator curve) {
        return chromaticities == null
                ? matrixProfile(BT709, D65, curve)
                : matrixProfile(Arrays.copyOfRange(chromaticities, 2, 8), Arrays.copyOf(chromaticities, 2), curve);
    }

    /**
     * Whether white, red, green and blue in x and y are colours of a display: white is a mixture of the primaries:
     * damaged numbers would make a picture black.
     */
    public static boolean isColourSpace(double[] c) {
        double[] shares = solve(new double[][] {xyz(c[2], c[3]), xyz(c[4], c[5]), xyz(c[6], c[7])}, xyz(c[0], c[1]));
        return Arrays.stream(shares).allMatch(share -> share > 0 && share < MAX_SHARE);
    }

    private static double perceptualQuantizer(double v) {
        double power = Math.pow(v, 1 / 78.84375);
        double light = Math.pow(Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power), 1 / 0.1593017578125);
        return Math.min(1, light / HDR_WHITE);
    }

    private static double hybridLogGamma(double v) {
        double scene = v <= 0.5 ? v * v / 3 : (Math.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12;
        return Math.min(1, scene / HLG_WHITE);
    }

    /** Returns an ICC profile (version 2, display) of these primaries and white in x and y, and one curve for all. */
    private static byte[] matrixProfile(double[] primaries, double[] white, DoubleUnaryOperator curve) {
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
}
