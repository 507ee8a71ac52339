package io.captioner.image;

import io.captioner.image.format.ForeignContent;
import io.captioner.image.format.UnreadableImageException;
import java.util.Map;
import java.util.Set;

/** The codings of a TIFF's samples: those that are read, and the names of others for their refusal. */
final class TiffCoding {
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int PLANAR = 284;
    private static final int TILE_OFFSETS = 324;
    private static final int SAMPLE_FORMAT = 339;
    private static final int JPEG_STREAM = 513;
    private static final int JPEG_QUANTISATION_TABLES = 519;
    static final long OLD_JPEG = 6;
    static final long JPEG = 7;
    private static final Set<Long> COMPRESSIONS = Set.of(1L, 2L, 3L, 4L, 5L, OLD_JPEG, JPEG, 8L, 32773L, 32946L);
    private static final Map<Long, String> COMPRESSION_NAMES = Map.ofEntries(
            Map.entry(9L, "JBIG"),
            Map.entry(10L, "JBIG"),
            Map.entry(22610L, "JPEG XR"),
            Map.entry(32766L, "NeXT"),
            Map.entry(32771L, "CCITT RLE with word alignment"),
            Map.entry(32809L, "ThunderScan"),
            Map.entry(32908L, "PixarFilm"),
            Map.entry(32909L, "PixarLog"),
            Map.entry(33003L, "JPEG 2000"),
            Map.entry(33004L, "JPEG 2000"),
            Map.entry(33005L, "JPEG 2000"),
            Map.entry(33007L, "JPEG of Aperio"),
            Map.entry(34661L, "JBIG"),
            Map.entry(34676L, "SGI LogLuv"),
            Map.entry(34677L, "SGI LogLuv"),
            Map.entry(34712L, "JPEG 2000"),
            Map.entry(34887L, "LERC"),
            Map.entry(34925L, "LZMA"),
            Map.entry(34926L, "Zstandard"),
            Map.entry(34927L, "WebP"),
            Map.entry(34933L, "PNG"),
            Map.entry(34934L, "JPEG XR"),
            Map.entry(50000L, "Zstandard"),
            Map.entry(50001L, "WebP"),
            Map.entry(50002L, "JPEG XL"),
            Map.entry(52546L, "JPEG XL"));
    private static final Map<Long, String> PHOTOMETRIC_NAMES = Map.of(
            4L,
            "a transparency mask",
            32844L,
            "SGI LogL samples",
            32845L,
            "SGI LogLuv samples",
            9L,
            "ICC L*a*b* colours",
            10L,
            "ITU L*a*b* colours");
    private static final long RGB = 2;
    private static final int MAX_BITS = 32;
    private static final long UNSIGNED = 1;
    private static final long FLOAT = 3;
    private static final long UNDEFINED = 4;

    private TiffCoding() {}

    /**
     * Refuses, by name, what the decoder does not turn into the right pixels.
     *
     * @return the number of the compression
     */
    static long check(TiffDirectory directory) {
        long compression = directory.value(COMPRESSION, 1);
        long photometric = directory.value(PHOTOMETRIC, RGB);
        long bits = directory.value(BITS, 1);
        long format = directory.value(SAMPLE_FORMAT, UNSIGNED);
        boolean isJpeg = compression == JPEG || compression == OLD_JPEG;
        if (!COMPRESSIONS.contains(compression)) {
            throw coding(COMPRESSION_NAMES.getOrDefault(compression, "number " + compression) + " compression");
        } else if (PHOTOMETRIC_NAMES.containsKey(photometric)) {
            throw coding(PHOTOMETRIC_NAMES.get(photometric));
        } else if (compression == OLD_JPEG && !hasOldJpeg(directory)) {
            throw coding("old JPEG compression in a form without strips or tables");
        } else if (isJpeg && bits > 8) {
            throw coding("JPEG compression of " + bits + " bits a sample");
        } else if (isJpeg && directory.value(PLANAR, 1) > 1) {
            throw coding("JPEG compression of separate colour planes");
        } else if (format != UNSIGNED && format != FLOAT && format != UNDEFINED) {
            throw coding(format == 2 ? "signed samples" : "complex samples");
        } else if (format != FLOAT && bits > MAX_BITS) {
            throw coding("samples of " + bits + " bits");
        } else if (bits < 8 && directory.value(SAMPLES, 1) > 1) {
            throw coding(directory.value(SAMPLES, 1) + " samples of " + bits + " bits a pixel");
        }
        return compression;
    }

    private static boolean hasOldJpeg(TiffDirectory directory) {
        return (directory.has(STRIP_OFFSETS) || directory.has(TILE_OFFSETS))
                && (directory.has(JPEG_STREAM) || directory.has(JPEG_QUANTISATION_TABLES));
    }

    private static UnreadableImageException coding(String name) {
        return ForeignContent.coding("a TIFF with " + name);
    }
}
