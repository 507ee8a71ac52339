package io.captioner.image.heif;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The items of a HEIF file: what its {@code meta} box says of their kinds, properties, references and places in the
 * file (ISO/IEC 14496-12, section 8.11, and 23008-12). Every length is checked against the box that holds it; what is
 * held are numbers and views of the file, at most {@link #MAX_ENTRIES} of a kind.
 */
public final class HeifBoxes {
    private static final int MAX_ENTRIES = 8192;
    private static final int MAX_BRANDS = 64;
    private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis", "MA1A", "MA1B");
    private static final Set<String> HEIF_BRANDS = Set.of(
            "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1", "miaf", "1pic");

    /**
     * A box: its type and what it holds behind its header.
     *
     * @param body for a full box, version and flags come first
     */
    record Box(String type, ByteView body) {
        int version() {
            return body.u8(0);
        }
    }

    /** References of one item to others, in their order. */
    record Reference(String type, long from, List<Long> to) {}

    private record Location(int method, List<long[]> extents) {}

    private final ByteView file;
    private final Map<Long, String> types = new HashMap<>();
    private final Map<Long, List<Box>> properties = new HashMap<>();
    private final Map<Long, Location> locations = new HashMap<>();
    private final List<Reference> references = new ArrayList<>();
    private @Nullable Long primary;
    private @Nullable ByteView itemData;
    private long copied;

    /** @throws UnreadableImageException if the boxes are damaged, or hold no picture */
    HeifBoxes(byte[] content) {
        this.file = ByteView.bigEndian(content);
        List<Box> metas = children(file, 0, true).stream()
                .filter(box -> box.type.equals("meta"))
                .toList();
        if (metas.isEmpty()) {
            throw new UnreadableImageException(
                    Reason.NOT_AN_IMAGE,
                    "The HEIF file is a sequence without a still picture, or cut off. Send one picture as JPEG or PNG.");
        }
        for (Box box : children(metas.get(0).body, 4, false)) {
            switch (box.type) {
                case "pitm" -> primary = number(box.body, 4, box.version() == 0 ? 2 : 4);
                case "iinf" -> readTypes(box);
                case "iloc" -> readLocations(box.body);
                case "iref" -> readReferences(box);
                case "iprp" -> readProperties(box);
                case "idat" -> itemData = box.body;
                default -> {}
            }
        }
    }

    /** Returns HEIC or AVIF by the brands of a file, null where it has none of HEIF's. */
    public static @Nullable ImageFormat sniff(ByteView file) {
        if (!file.has(4, "ftyp")) {
            return null;
        }
        int end = Math.min(Math.min(file.u31(0), file.length()), 8 + 4 * MAX_BRANDS);
        ImageFormat format = null;
        for (int at = 8; at + 4 <= end; at += 4) {
            String brand = file.ascii(at, 4);
            if (AVIF_BRANDS.contains(brand)) {
                return ImageFormat.AVIF;
            }
            format = HEIF_BRANDS.contains(brand) ? ImageFormat.HEIC : format;
        }
        return format;
    }

    @Nullable Long primary() {
        return primary;
    }

    /** Returns the four letters of an item's kind, empty if there is no such item. */
    String type(long item) {
        return types.getOrDefault(item, "");
    }

    /** Returns the properties of an item in the order in which they apply. */
    List<Box> properties(long item) {
        return properties.getOrDefault(item, List.of());
    }

    /** Returns what property an item has of a type, null if none. */
    @Nullable ByteView property(long item, String type) {
        return properties(item).stream()
                .filter(box -> box.type.equals(type))
                .map(Box::body)
                .findFirst()
                .orElse(null);
    }

    List<Reference> references(String type) {
        return references.stream()
                .filter(reference -> reference.type.equals(type))
                .toList();
    }

    /** Returns the items that one refers to. */
    List<Long> references(String type, long from) {
        return references(type).stream()
                .filter(reference -> reference.from == from)
                .flatMap(reference -> reference.to.stream())
                .toList();
    }

    /**
     * Returns a copy of an item's bytes.
     *
     * @throws UnreadableImageException if they are not in the file, or all copies together are twice as long as it is
     */
    byte[] data(long item) {
        Location location = locations.get(item);
        if (location == null || location.method > 1) {
            throw UnreadableImageException.damaged("a part of the HEIF file is not in it");
        }
        ByteView source = location.method == 0 ? file : itemData;
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (long[] extent : location.extents) {
            if (source == null
                    || extent[0] > source.length()
                    || extent[1] > source.length() - extent[0]
                    || (copied += extent[1]) > 2L * file.length()) {
                throw UnreadableImageException.damaged("part of its data is missing");
            }
            data.write(source.bytes(), source.start() + (int) extent[0], (int) extent[1]);
        }
        return data.toByteArray();
    }

    /**
     * Reads boxes until the end of a view; at the file's top the last may be cut off, as what follows it is not seen.
     */
    private static List<Box> children(ByteView parent, int from, boolean top) {
        List<Box> boxes = new ArrayList<>();
        long at = from;
        while (at + 8 <= parent.length()) {
            int start = (int) at;
            long size = parent.u32(start);
            int header = 8;
            if (size == 1) {
                size = number(parent, start + 8, 8);
                header = 16;
            } else if (size == 0) {
                size = parent.length() - at;
            }
            boolean fits = size >= header && size <= parent.length() - at;
            if (boxes.size() >= MAX_ENTRIES || !fits && !top) {
                throw UnreadableImageException.damaged("the boxes of the HEIF file are damaged");
            }
            if (!fits) {
                return boxes;
            }
            boxes.add(new Box(parent.ascii(start + 4, 4), parent.slice(start + header, size - header, true)));
            at += size;
        }
        return boxes;
    }

    private void readTypes(Box iinf) {
        for (Box infe : children(iinf.body, iinf.version() == 0 ? 6 : 8, false)) {
            if (infe.type.equals("infe") && infe.version() >= 2) {
                int idSize = infe.version() == 2 ? 2 : 4;
                types.put(number(infe.body, 4, idSize), infe.body.ascii(4 + idSize + 2, 4));
            }
        }
    }

    private void readLocations(ByteView iloc) {
        Fields fields = new Fields(iloc);
        int version = (int) fields.next(1);
        fields.next(3);
        int sizes = (int) fields.next(2);
        int offsetSize = sizes >> 12;
        int lengthSize = sizes >> 8 & 15;
        int baseSize = sizes >> 4 & 15;
        int indexSize = version == 0 ? 0 : sizes & 15;
        int idSize = version < 2 ? 2 : 4;
        long count = fields.next(idSize);
        long total = count;
        for (long i = 0; i < count && total <= MAX_ENTRIES; i++) {
            long item = fields.next(idSize);
            int method = version == 0 ? 0 : (int) fields.next(2) & 15;
            fields.next(2);
            long base = fields.next(baseSize);
            long parts = fields.next(2);
            total += parts;
            List<long[]> extents = new ArrayList<>();
            for (long part = 0; part < parts && total <= MAX_ENTRIES; part++) {
                fields.next(indexSize);
                long offset = fields.next(offsetSize);
                extents.add(new long[] {base + offset, fields.next(lengthSize)});
            }
            locations.put(item, new Location(method, extents));
        }
        if (total > MAX_ENTRIES) {
            throw UnreadableImageException.damaged("the HEIF file has more than %d parts".formatted(MAX_ENTRIES));
        }
    }

    private void readReferences(Box iref) {
        int idSize = iref.version() == 0 ? 2 : 4;
        for (Box reference : children(iref.body, 4, false)) {
            Fields fields = new Fields(reference.body);
            long from = fields.next(idSize);
            long count = fields.next(2);
            if (count > MAX_ENTRIES) {
                throw UnreadableImageException.damaged(
                        "a picture of the HEIF file has more than %d parts".formatted(MAX_ENTRIES));
            }
            List<Long> to = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                to.add(fields.next(idSize));
            }
            references.add(new Reference(reference.type, from, to));
        }
    }

    private void readProperties(Box iprp) {
        List<Box> boxes = children(iprp.body, 0, false);
        List<Box> all = boxes.stream()
                .filter(box -> box.type.equals("ipco"))
                .flatMap(box -> children(box.body, 0, false).stream())
                .toList();
        int total = 0;
        for (Box box : boxes) {
            if (!box.type.equals("ipma")) {
                continue;
            }
            Fields fields = new Fields(box.body);
            int idSize = fields.next(1) < 1 ? 2 : 4;
            int indexSize = (fields.next(3) & 1) == 0 ? 1 : 2;
            int mask = indexSize == 1 ? 0x7f : 0x7fff;
            for (long count = fields.next(4); count > 0; count--) {
                List<Box> ofItem = properties.computeIfAbsent(fields.next(idSize), item -> new ArrayList<>());
                for (long left = fields.next(1); left > 0; left--) {
                    int index = (int) fields.next(indexSize) & mask;
                    if (index > all.size() || ++total > 8 * MAX_ENTRIES) {
                        throw UnreadableImageException.damaged("the properties of the HEIF file are damaged");
                    }
                    if (index > 0) {
                        ofItem.add(all.get(index - 1));
                    }
                }
            }
        }
    }

    /** Reads a big-endian number of up to 8 bytes; one that does not fit 62 bits is refused. */
    static long number(ByteView view, int at, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | view.u8(at + i);
            if (value >>> 54 != 0 && i < size - 1 || value < 0 || value >>> 62 != 0) {
                throw UnreadableImageException.damaged("a length in the HEIF file is damaged");
            }
        }
        return value;
    }

    /** Numbers one behind the other. */
    private static final class Fields {
        private final ByteView view;
        private int at;

        Fields(ByteView view) {
            this.view = view;
        }

        long next(int size) {
            long value = number(view, at, size);
            at += size;
            return value;
        }
    }
}
