package io.captioner.image;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.ForeignContent;
import io.captioner.image.format.UnreadableImageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The choice of the one directory of a TIFF that holds the picture; at most {@value #MAX_PAGES} are read. */
final class TiffPages {
    private static final int MAX_PAGES = 256;
    private static final int MAX_SUB_DIRECTORIES = 16;
    private static final int NEW_SUBFILE_TYPE = 254;
    private static final int SUBFILE_TYPE = 255;
    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int MAKE = 271;
    private static final int SUB_DIRECTORIES = 330;
    private static final int DNG_VERSION = 50706;
    /** A reduced copy of another picture, or a transparency mask. */
    private static final long REDUCED_OR_MASK = 1 | 4;

    private static final long OLD_REDUCED = 2;
    /** Colour filter array and linear raw. */
    private static final Set<Long> RAW_PHOTOMETRICS = Set.of(32803L, 34892L);

    private static final Set<Long> RAW_COMPRESSIONS = Set.of(32767L, 32769L, 32770L, 34713L, 34892L, 65000L, 65535L);
    private static final Map<String, String> RAW_NAMES = Map.ofEntries(
            Map.entry("NIKON", "Nikon NEF"),
            Map.entry("SONY", "Sony ARW"),
            Map.entry("PENTAX", "Pentax PEF"),
            Map.entry("RICOH", "Pentax PEF"),
            Map.entry("SAMSUNG", "Samsung SRW"),
            Map.entry("HASSELBLAD", "Hasselblad 3FR"),
            Map.entry("PHASE ONE", "Phase One IIQ"),
            Map.entry("LEAF", "Leaf MOS"),
            Map.entry("MAMIYA", "Mamiya MEF"),
            Map.entry("EPSON", "Epson ERF"),
            Map.entry("SEIKO EPSON", "Epson ERF"),
            Map.entry("EASTMAN KODAK", "Kodak DCR"),
            Map.entry("KODAK", "Kodak DCR"),
            Map.entry("CANON", "Canon CR2"),
            Map.entry("OLYMPUS", "Olympus ORF"),
            Map.entry("PANASONIC", "Panasonic RW2"),
            Map.entry("LEICA", "Leica RWL"));

    private TiffPages() {}

    /**
     * Returns the first page that is no reduced copy and no mask, or the largest one where that has more than twice as
     * many pixels: then the first is a thumbnail that does not say so.
     *
     * @throws UnreadableImageException if the file is a camera's raw file
     */
    static TiffDirectory picture(ByteView stream) {
        if (stream.has(8, "CR\2")) {
            throw ForeignContent.raw("Canon CR2");
        }
        TiffDirectory first = TiffDirectory.first(stream);
        List<TiffDirectory> pages = pages(first);
        if (first.has(DNG_VERSION)) {
            throw ForeignContent.raw("DNG");
        } else if (pages.stream().anyMatch(TiffPages::isRaw)) {
            throw ForeignContent.raw(RAW_NAMES.entrySet().stream()
                    .filter(maker -> first.text(MAKE).startsWith(maker.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("NEF, DNG, ARW or the like"));
        }
        List<TiffDirectory> whole = pages.stream()
                .filter(page -> area(page) > 0 && !isReduced(page))
                .toList();
        TiffDirectory best = whole.isEmpty() ? first : whole.get(0);
        TiffDirectory chosen = best;
        for (TiffDirectory page : whole.isEmpty() ? pages : whole) {
            chosen = area(page) > Math.max(2 * area(best), area(chosen)) ? page : chosen;
        }
        return chosen;
    }

    private static List<TiffDirectory> pages(TiffDirectory first) {
        List<TiffDirectory> pages = new ArrayList<>(List.of(first));
        Set<Integer> seen = new HashSet<>();
        // The list grows as directories name others.
        for (int i = 0; i < pages.size(); i++) {
            TiffDirectory page = pages.get(i);
            add(page, page.next(), seen, pages);
            for (long sub : page.values(SUB_DIRECTORIES, MAX_SUB_DIRECTORIES)) {
                add(page, (int) Math.min(sub, Integer.MAX_VALUE), seen, pages);
            }
        }
        return pages;
    }

    /** A later directory that is damaged does not cost the picture in an earlier one. */
    private static void add(TiffDirectory from, int offset, Set<Integer> seen, List<TiffDirectory> pages) {
        if (offset > 0 && pages.size() < MAX_PAGES && seen.add(offset)) {
            try {
                pages.add(from.at(offset));
            } catch (UnreadableImageException damaged) {
                seen.add(offset);
            }
        }
    }

    private static boolean isRaw(TiffDirectory page) {
        return RAW_PHOTOMETRICS.contains(page.value(PHOTOMETRIC, 0))
                || RAW_COMPRESSIONS.contains(page.value(COMPRESSION, 1));
    }

    private static boolean isReduced(TiffDirectory page) {
        return (page.value(NEW_SUBFILE_TYPE, 0) & REDUCED_OR_MASK) != 0 || page.value(SUBFILE_TYPE, 1) == OLD_REDUCED;
    }

    private static long area(TiffDirectory page) {
        return Math.min(page.value(WIDTH, 0), 1 << 20) * Math.min(page.value(HEIGHT, 0), 1 << 20);
    }
}
