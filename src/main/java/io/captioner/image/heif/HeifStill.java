package io.captioner.image.heif;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.ImageLimits;
import io.captioner.image.format.Orientation;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import io.captioner.image.heif.HeifBoxes.Box;
import io.captioner.image.heif.HeifBoxes.Reference;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The primary picture of a HEIF file before a pixel is decoded, its size judged by the limits.
 *
 * @param format HEIC or AVIF, by the codec of the picture
 * @param colour the picture
 * @param alpha how opaque it is, of the same size; null where it is opaque
 * @param premultiplied whether colours were multiplied by alpha
 * @param crop what is shown of the picture
 * @param orientation how the shown part is turned upright; EXIF in the file does not count
 * @param profile ICC profile of the colours, null if none
 * @param nclx numbers of colour primaries, transfer, matrix and range, null if none
 */
@SuppressWarnings("ArrayRecordComponent") // pieces of a file that nothing changes
public record HeifStill(
        ImageFormat format,
        Tiles colour,
        @Nullable Tiles alpha,
        boolean premultiplied,
        Rectangle crop,
        Orientation orientation,
        byte @Nullable [] profile,
        byte @Nullable [] nclx) {
    /** A camera of 200 megapixels that stores tiles of 512 pixels makes fewer. */
    private static final int MAX_TILES = 1024;

    private static final int MAX_DERIVATIONS = 3;
    private static final int NCLX = 7;

    /**
     * A picture in tiles, one or more.
     *
     * @param width columns; the last column of tiles may reach beyond
     * @param height rows; the last row of tiles may reach beyond
     * @param columns tiles side by side
     * @param items the tiles, all of one size, row by row
     */
    public record Tiles(int width, int height, int columns, List<CodedItem> items) {}

    /**
     * @throws UnreadableImageException if the file is damaged, holds no picture that is read, or one beyond the limits
     */
    public static HeifStill read(byte[] content, ImageLimits limits) {
        HeifBoxes file = new HeifBoxes(content);
        Long primary = file.primary();
        if (primary == null || file.type(primary).isEmpty()) {
            throw new UnreadableImageException(
                    Reason.NOT_AN_IMAGE,
                    "The HEIC or AVIF file has no picture in it. Send the picture as JPEG or PNG.");
        }
        long item = primary;
        List<Box> changes = new ArrayList<>(file.properties(item));
        for (int depth = 0; file.type(item).equals("iden") && depth < MAX_DERIVATIONS; depth++) {
            List<Long> sources = file.references("dimg", item);
            if (sources.size() != 1) {
                throw UnreadableImageException.damaged(
                        "a picture of the HEIF file is made of %d others".formatted(sources.size()));
            }
            item = sources.get(0);
            changes.addAll(0, file.properties(item));
        }
        Tiles colour = tiles(file, item, limits);
        Tiles alpha = alpha(file, item, limits);
        if (alpha != null && (alpha.width != colour.width || alpha.height != colour.height)) {
            throw UnreadableImageException.damaged("its transparency has another size");
        }
        Rectangle crop = new Rectangle(colour.width, colour.height);
        Orientation orientation = Orientation.UPRIGHT;
        byte[] profile = null;
        byte[] nclx = nclx(file, item);
        for (Box change : changes) {
            switch (change.type()) {
                case "clap" -> crop = orientation == Orientation.UPRIGHT ? crop(change.body(), crop) : crop;
                case "irot" -> orientation = orientation.then(turn(change.body().u8(0) & 3));
                case "imir" ->
                    orientation = orientation.then(
                            (change.body().u8(0) & 1) == 0 ? Orientation.FLIPPED : Orientation.MIRRORED);
                case "colr" ->
                    profile = isProfile(change.body())
                            ? change.body().slice(4, Integer.MAX_VALUE, true).copy()
                            : profile;
                default -> {}
            }
        }
        ImageFormat format = colour.items.get(0).codec() == CodedItem.Codec.AV1 ? ImageFormat.AVIF : ImageFormat.HEIC;
        long colours = item;
        boolean premultiplied = file.references("prem").stream().anyMatch(reference -> reference.from() == colours);
        return new HeifStill(format, colour, alpha, premultiplied, crop, orientation, profile, nclx);
    }

    private static Tiles tiles(HeifBoxes file, long item, ImageLimits limits) {
        if (!file.type(item).equals("grid")) {
            CodedItem whole = coded(file, item, limits);
            return new Tiles(whole.width(), whole.height(), 1, List.of(whole));
        }
        ByteView grid = ByteView.bigEndian(file.data(item));
        int rows = grid.u8(2) + 1;
        int columns = grid.u8(3) + 1;
        boolean wide = (grid.u8(1) & 1) != 0;
        int width = wide ? grid.u31(4) : grid.u16(4);
        int height = wide ? grid.u31(8) : grid.u16(6);
        check(width, height, limits);
        ByteView size = file.property(item, "ispe");
        if (size != null && (size.u31(4) != width || size.u31(8) != height)) {
            throw UnreadableImageException.damaged("its headers disagree about its size");
        }
        List<Long> parts = file.references("dimg", item);
        if (parts.size() != rows * columns || parts.size() > MAX_TILES) {
            throw UnreadableImageException.damaged("it is made of %d tiles, not of %d x %d, or of more than %d"
                    .formatted(parts.size(), columns, rows, MAX_TILES));
        }
        List<CodedItem> items = new ArrayList<>();
        Map<Long, CodedItem> read = new HashMap<>();
        for (long part : parts) {
            items.add(read.computeIfAbsent(part, tile -> coded(file, tile, limits)));
        }
        CodedItem first = items.get(0);
        boolean same = items.stream()
                .allMatch(tile -> tile.width() == first.width()
                        && tile.height() == first.height()
                        && tile.codec() == first.codec());
        if (!same || !fill(first.width(), columns, width) || !fill(first.height(), rows, height)) {
            throw UnreadableImageException.damaged("its tiles do not fill it");
        }
        return new Tiles(width, height, columns, items);
    }

    /** Whether so many tiles are as few as fill a side. */
    private static boolean fill(int tile, int count, int side) {
        return (long) tile * count >= side && (long) tile * (count - 1) < side;
    }

    private static CodedItem coded(HeifBoxes file, long item, ImageLimits limits) {
        String type = file.type(item);
        boolean hevc = type.equals(CodedItem.Codec.HEVC.type);
        if (!hevc && !type.equals(CodedItem.Codec.AV1.type)) {
            throw new UnreadableImageException(
                    Reason.NOT_AN_IMAGE,
                    "The HEIF file holds a picture of the kind '%s', which is not read. Send the picture as JPEG or PNG."
                            .formatted(type.replaceAll("[^ -~]", "?")));
        }
        ByteView size = file.property(item, "ispe");
        ByteView configuration = file.property(item, hevc ? "hvcC" : "av1C");
        if (size == null || configuration == null) {
            throw UnreadableImageException.damaged(
                    "a picture of the HEIF file has no size or no decoder configuration");
        }
        int width = size.u31(4);
        int height = size.u31(8);
        check(width, height, limits);
        byte[] data = file.data(item);
        return hevc
                ? HevcStream.read(configuration, data, width, height)
                : Av1Stream.read(configuration, data, width, height);
    }

    private static void check(int width, int height, ImageLimits limits) {
        if (width < 1 || height < 1) {
            throw UnreadableImageException.damaged("it has no pixels");
        }
        limits.check(width, height);
    }

    private static @Nullable Tiles alpha(HeifBoxes file, long item, ImageLimits limits) {
        for (Reference reference : file.references("auxl")) {
            ByteView kind = file.property(reference.from(), "auxC");
            if (reference.to().contains(item)
                    && kind != null
                    && (kind.has(4, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha")
                            || kind.has(4, "urn:mpeg:hevc:2015:auxid:1")
                            || kind.has(4, "urn:mpeg:avc:2015:auxid:1"))) {
                return tiles(file, reference.from(), limits);
            }
        }
        return null;
    }

    /** Returns the coded colours of an item or, where a grid has none, of its first tile. */
    private static byte @Nullable [] nclx(HeifBoxes file, long item) {
        for (Box box : file.properties(item)) {
            if (box.type().equals("colr") && box.body().has(0, "nclx")) {
                ByteView numbers = box.body().slice(4, NCLX, true);
                return numbers.length() == NCLX ? numbers.copy() : null;
            }
        }
        List<Long> tiles = file.references("dimg", item);
        return tiles.isEmpty() || !file.type(item).equals("grid") || tiles.get(0) == item
                ? null
                : nclx(file, tiles.get(0));
    }

    private static boolean isProfile(ByteView colour) {
        return colour.has(0, "prof") || colour.has(0, "rICC");
    }

    /** Returns a turn of so many quarters against the clock. */
    private static Orientation turn(int quarters) {
        return switch (quarters) {
            case 1 -> Orientation.TURN_LEFT;
            case 2 -> Orientation.UPSIDE_DOWN;
            case 3 -> Orientation.TURN_RIGHT;
            default -> Orientation.UPRIGHT;
        };
    }

    /**
     * Returns the clean aperture (ISO/IEC 14496-12, section 12.1.4) within the picture, or all of it if that is none.
     */
    private static Rectangle crop(ByteView aperture, Rectangle whole) {
        double width = Math.floor(fraction(aperture, 0));
        double height = Math.floor(fraction(aperture, 8));
        double left = fraction(aperture, 16) + (whole.width - width) / 2;
        double top = fraction(aperture, 24) + (whole.height - height) / 2;
        Rectangle inside = new Rectangle((int) Math.round(left), (int) Math.round(top), (int) width, (int) height)
                .intersection(whole);
        return inside.isEmpty() ? whole : inside;
    }

    private static double fraction(ByteView view, int at) {
        return (double) (int) view.u32(at) / Math.max(1, view.u31(at + 4));
    }
}
