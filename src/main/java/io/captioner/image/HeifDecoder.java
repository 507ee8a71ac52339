package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.CodedColours;
import io.captioner.image.format.ColourConversion;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.Orientation;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.heif.CodedItem;
import io.captioner.image.heif.HeifStill;
import io.captioner.image.heif.LibHeif;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the primary picture of a HEIF file by libheif, tile by tile, into the same resize as all other formats.
 * Outside of the heap it holds one row of tiles, or the whole picture where it is stored as one.
 */
final class HeifDecoder {
    private final HeifSupport support;
    private final ImageLimits limits;

    HeifDecoder(HeifSupport support, ImageLimits limits) {
        this.support = support;
        this.limits = limits;
    }

    /**
     * Decodes one photo.
     *
     * @param named the format by the file's brands
     * @throws UnreadableImageException for whatever bytes cannot be decoded within the limits
     */
    Photo decode(ImageFormat named, byte[] content, ImagePreparation target) {
        if (!support.isThere()) {
            throw support.refusal(named);
        }
        try {
            HeifStill still = HeifStill.read(content, limits);
            return decode(still, support.library(still.format()), target);
        } catch (UnreadableImageException refused) {
            throw refused;
        } catch (RuntimeException | OutOfMemoryError broken) {
            throw UnreadableImageException.damaged("the HEIF data is damaged or cut off");
        }
    }

    private static Photo decode(HeifStill still, LibHeif library, ImagePreparation target) {
        Rectangle crop = still.crop();
        Orientation orientation = still.orientation();
        boolean swaps = orientation.swapsSides;
        ImageSize size = target.resized();
        RowResampler resampler = target.interpolation()
                .resampler(
                        crop.width,
                        crop.height,
                        swaps ? size.height() : size.width(),
                        swaps ? size.width() : size.height());
        ColourConversion colours = colours(still.profile(), still.nclx());
        byte[] rgb = new byte[3 * still.colour().width()];
        byte[] alpha = new byte[still.colour().width()];
        byte[] shown = new byte[3 * crop.width];
        HeifStill.Tiles transparency = still.alpha();
        try (TileRows picture = new TileRows(still.colour(), 3, item -> library.rgb(item, still.nclx()));
                TileRows opacity = transparency == null ? null : new TileRows(transparency, 1, library::luma)) {
            for (int y = crop.y; y < crop.y + crop.height; y++) {
                picture.read(y, rgb);
                if (colours != null) {
                    colours.convert(rgb);
                }
                if (opacity != null) {
                    opacity.read(y, alpha);
                    layOnWhite(rgb, alpha, still.premultiplied());
                }
                System.arraycopy(rgb, 3 * crop.x, shown, 0, shown.length);
                resampler.add(shown);
            }
        }
        byte[] upright = orientation.turn(resampler.finish(), size.width(), size.height());
        return new Photo(
                swaps ? crop.height : crop.width,
                swaps ? crop.width : crop.height,
                still.format(),
                target.middle(upright));
    }

    /**
     * Returns how the picture's colours become sRGB: by its profile, else by its coded primaries and transfer, else
     * null.
     *
     * @param nclx numbers of primaries and transfer, of 16 bits each, then matrix and range; null if none
     */
    static @Nullable ColourConversion colours(byte @Nullable [] profile, byte @Nullable [] nclx) {
        ColourConversion embedded = ColourConversion.of(profile, 3);
        if (embedded != null || nclx == null) {
            return embedded;
        }
        ByteView numbers = ByteView.bigEndian(nclx);
        return ColourConversion.of(CodedColours.profile(numbers.u16(0), numbers.u16(2)), 3);
    }

    private static void layOnWhite(byte[] rgb, byte[] alpha, boolean premultiplied) {
        for (int i = 0; i < rgb.length; i++) {
            int opaque = alpha[i / 3] & 0xff;
            int value = rgb[i] & 0xff;
            int shown = premultiplied ? value : (value * opaque + 127) / 255;
            rgb[i] = (byte) Math.min(255, shown + 255 - opaque);
        }
    }

    /** How a tile is decoded. */
    private interface TileDecoder {
        LibHeif.Plane decode(CodedItem item);
    }

    /** The rows of a picture in tiles, top to bottom; one row of tiles is held. For one thread. */
    private static final class TileRows implements AutoCloseable {
        private final HeifStill.Tiles tiles;
        private final int samples;
        private final TileDecoder decoder;
        private final List<LibHeif.Plane> planes = new ArrayList<>();
        private int held = -1;

        TileRows(HeifStill.Tiles tiles, int samples, TileDecoder decoder) {
            this.tiles = tiles;
            this.samples = samples;
            this.decoder = decoder;
        }

        void read(int y, byte[] row) {
            CodedItem first = tiles.items().get(0);
            int tileRow = y / first.height();
            if (tileRow != held) {
                close();
                for (int column = 0; column < tiles.columns(); column++) {
                    planes.add(decoder.decode(tiles.items().get(tileRow * tiles.columns() + column)));
                }
                held = tileRow;
            }
            int length = first.width() * samples;
            for (int column = 0; column < planes.size(); column++) {
                int offset = column * length;
                planes.get(column).read(y % first.height(), row, offset, Math.min(length, row.length - offset));
            }
        }

        @Override
        public void close() {
            planes.forEach(LibHeif.Plane::close);
            planes.clear();
            held = -1;
        }
    }
}
