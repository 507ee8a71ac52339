package io.captioner.image;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.jspecify.annotations.Nullable;

/**
 * The way from a HEIF picture's colours to sRGB: by its ICC profile, else by its coded primaries and transfer (ITU-T
 * H.273), else none. A profile that is damaged or not of RGB is ignored. For one thread.
 */
final class HeifColours {
    private static final int[] OFFSETS = {0, 1, 2};
    private static final int BT_2020 = 9;
    private static final int DCI_P3 = 11;
    private static final int DISPLAY_P3 = 12;
    private static final int LINEAR = 8;
    private static final int PQ = 16;
    private static final int HLG = 18;

    /** Luminance of paper white in HDR video, of 10,000 cd/m² (ITU-R BT.2408). */
    private static final double PAPER_WHITE = 203.0 / 10_000;

    /** Scene light of paper white in HLG, at a signal of 75 %. */
    private static final double HLG_WHITE = 0.265;

    private static final int STEPS = 4096;
    private static final float[][] SRGB = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    private static final float[][] FROM_P3 = {
        {1.2249f, -0.2249f, 0}, {-0.0421f, 1.0421f, 0}, {-0.0196f, -0.0786f, 1.0982f}
    };
    private static final float[][] FROM_BT_2020 = {
        {1.6605f, -0.5876f, -0.0728f}, {-0.1246f, 1.1329f, -0.0083f}, {-0.0182f, -0.1006f, 1.1187f}
    };

    private final @Nullable ColorConvertOp profile;
    private final float @Nullable [] linear;
    private final float[][] matrix;
    private final byte[] encoded = new byte[STEPS + 1];

    private HeifColours(@Nullable ColorConvertOp profile, float @Nullable [] linear, float[][] matrix) {
        this.profile = profile;
        this.linear = linear;
        this.matrix = matrix;
        for (int i = 0; linear != null && i <= STEPS; i++) {
            encoded[i] = (byte) Math.round(255 * toSrgb((double) i / STEPS));
        }
    }

    /**
     * Returns the way for a picture.
     *
     * @param icc ICC profile, null if none
     * @param nclx numbers of primaries and transfer, of 16 bits each, then matrix and range; null if none
     */
    static HeifColours of(byte @Nullable [] icc, byte @Nullable [] nclx) {
        ColorConvertOp op = icc == null ? null : conversion(icc);
        if (op != null || nclx == null) {
            return new HeifColours(op, null, SRGB);
        }
        ByteView numbers = ByteView.bigEndian(nclx);
        int primaries = numbers.u16(0);
        int transfer = numbers.u16(2);
        float[][] matrix = switch (primaries) {
            case BT_2020 -> FROM_BT_2020;
            case DCI_P3, DISPLAY_P3 -> FROM_P3;
            default -> SRGB;
        };
        boolean coded = transfer == LINEAR || transfer == PQ || transfer == HLG;
        if (matrix == SRGB && !coded) {
            return new HeifColours(null, null, SRGB);
        }
        float[] linear = new float[256];
        for (int i = 0; i < linear.length; i++) {
            linear[i] = (float) toLinear(transfer, i / 255.0);
        }
        return new HeifColours(null, linear, matrix);
    }

    private static @Nullable ColorConvertOp conversion(byte[] icc) {
        try {
            ICC_Profile source = ICC_Profile.getInstance(icc);
            if (source.getColorSpaceType() != ColorSpace.TYPE_RGB) {
                return null;
            }
            ICC_Profile target = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
            ColorConvertOp op = new ColorConvertOp(new ICC_Profile[] {source, target}, null);
            new HeifColours(op, null, SRGB).toSrgb(new byte[3]);
            return op;
        } catch (IllegalArgumentException | CMMException damaged) {
            return null;
        }
    }

    /** Converts a row of RGB bytes in place. */
    void toSrgb(byte[] row) {
        if (profile != null) {
            WritableRaster raster = Raster.createInterleavedRaster(
                    new DataBufferByte(row, row.length), row.length / 3, 1, row.length, 3, OFFSETS, null);
            profile.filter(raster, raster);
        } else if (linear != null) {
            for (int i = 0; i < row.length; i += 3) {
                float red = linear[row[i] & 0xff];
                float green = linear[row[i + 1] & 0xff];
                float blue = linear[row[i + 2] & 0xff];
                for (int channel = 0; channel < 3; channel++) {
                    float[] weights = matrix[channel];
                    float value = weights[0] * red + weights[1] * green + weights[2] * blue;
                    row[i + channel] = encoded[Math.round(STEPS * Math.max(0, Math.min(1, value)))];
                }
            }
        }
    }

    /** Light of a coded value, 1 for white; values beyond are cut off later. */
    private static double toLinear(int transfer, double value) {
        return switch (transfer) {
            case LINEAR -> value;
            case PQ -> {
                double root = Math.pow(value, 1 / 78.84375);
                double ratio = Math.max(0, root - 0.8359375) / (18.8515625 - 18.6875 * root);
                yield Math.pow(ratio, 1 / 0.1593017578125) / PAPER_WHITE;
            }
            case HLG -> {
                double scene = value <= 0.5
                        ? value * value / 3
                        : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
                yield scene / HLG_WHITE;
            }
            default -> value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
        };
    }

    private static double toSrgb(double light) {
        return light <= 0.0031308 ? light * 12.92 : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
    }
}
