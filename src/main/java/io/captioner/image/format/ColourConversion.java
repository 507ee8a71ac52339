package io.captioner.image.format;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import org.jspecify.annotations.Nullable;

/**
 * A conversion of rows of 8-bit RGB, or of grey spread over RGB, from an embedded colour profile to sRGB; for one
 * thread.
 */
public final class ColourConversion {
    /** Larger than any profile of a display, camera or printer. */
    public static final int MAX_PROFILE = 4 << 20;

    /** Levels of each channel, {@code STEP} apart, at which a conversion is tried, and the least change that counts. */
    private static final int LEVELS = 6;

    private static final int STEP = 51;
    private static final int LEAST_CHANGE = 3;

    private final ColorConvertOp toSrgb;
    private final int components;
    private boolean isSrgb;

    private ColourConversion(ICC_Profile profile) {
        this.toSrgb =
                new ColorConvertOp(new ICC_Profile[] {profile, ICC_Profile.getInstance(ColorSpace.CS_sRGB)}, null);
        this.components = profile.getNumComponents();
    }

    /**
     * Returns the conversion from a profile, or null for one that is damaged or for other colours: such a profile is
     * ignored, as viewers do.
     *
     * @param components 1 for grey, 3 for RGB
     */
    public static @Nullable ColourConversion of(byte @Nullable [] profile, int components) {
        if (profile == null || profile.length > MAX_PROFILE) {
            return null;
        }
        try {
            ICC_Profile parsed = ICC_Profile.getInstance(profile);
            int colours = components == 1 ? ColorSpace.TYPE_GRAY : ColorSpace.TYPE_RGB;
            if (parsed.getColorSpaceType() != colours || parsed.getNumComponents() != components) {
                return null;
            }
            ColourConversion conversion = new ColourConversion(parsed);
            conversion.isSrgb = conversion.changesNothing();
            return conversion;
        } catch (IllegalArgumentException | CMMException damaged) {
            return null;
        }
    }

    /** Tries all colours of a coarse grid. */
    private boolean changesNothing() {
        byte[] before = new byte[3 * LEVELS * LEVELS * LEVELS];
        for (int i = 0; i < before.length; i += 3) {
            int colour = i / 3;
            before[i] = (byte) (STEP * (colour % LEVELS));
            before[i + 1] = components == 1 ? before[i] : (byte) (STEP * (colour / LEVELS % LEVELS));
            before[i + 2] = components == 1 ? before[i] : (byte) (STEP * (colour / LEVELS / LEVELS));
        }
        byte[] after = before.clone();
        convert(after);
        for (int i = 0; i < before.length; i++) {
            if (Math.abs((after[i] & 0xff) - (before[i] & 0xff)) >= LEAST_CHANGE) {
                return false;
            }
        }
        return true;
    }

    /** Converts a row of RGB bytes in place. */
    public void convert(byte[] rgb) {
        if (isSrgb) {
            return;
        }
        int width = rgb.length / 3;
        WritableRaster source = raster(width, components);
        if (components == 3) {
            source.setDataElements(0, 0, width, 1, rgb);
        } else {
            byte[] grey = new byte[width];
            for (int x = 0; x < width; x++) {
                grey[x] = rgb[3 * x];
            }
            source.setDataElements(0, 0, width, 1, grey);
        }
        WritableRaster target = raster(width, 3);
        toSrgb.filter(source, target);
        target.getDataElements(0, 0, width, 1, rgb);
    }

    private static WritableRaster raster(int width, int bands) {
        return Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, 1, bands, null);
    }
}
