package io.captioner.image;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.captioner.image.format.ColourConversion;
import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The decoder of usual JPEGs, and an encoder: libjpeg-turbo as Leptonica has it, from the library that the program
 * brings. A large photo is decoded at a half, a quarter or an eighth of its size, which the transform of its blocks
 * averages: that takes a fraction of the time and the memory. Whatever is not decoded without a warning is left to
 * {@link ImageReaders}, which says what is wrong with it. Safe for many threads; nothing is written to disk.
 */
final class TurboJpeg {
    /** Decoded at once, at 4 bytes each. */
    private static final int MAX_PIXELS = 12_000_000;

    /** Decoded sides are at least this many times the target's: with two, one caption of twenty was another. */
    private static final int LEAST_OF_TARGET = 3;

    private static final int LARGEST_REDUCTION = 8;
    private static final int NO_MESSAGES = 6;
    private static final float UNSHARPENED = 0;
    private static final VarHandle BIG_ENDIAN = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final Logger log = LoggerFactory.getLogger(TurboJpeg.class);

    private TurboJpeg() {}

    /** Returns by how much a picture is reduced for a target: 1, 2, 4 or 8. */
    static int reduction(int width, int height, int targetWidth, int targetHeight) {
        int reduction = LARGEST_REDUCTION;
        while (reduction > 1
                && (width < (long) LEAST_OF_TARGET * reduction * targetWidth
                        || height < (long) LEAST_OF_TARGET * reduction * targetHeight)) {
            reduction /= 2;
        }
        return reduction;
    }

    /**
     * Decodes a JPEG and resizes it, without turning it.
     *
     * @param header of a picture that {@linkplain ImageHeader#usual() is usual}
     * @return {@code width * height} RGB pixels; null if the picture is left to the other decoder
     */
    static byte @Nullable [] decode(ImageHeader header, int width, int height, Interpolation interpolation) {
        Api api = Bundled.API;
        // Others' ways of resizing want every pixel.
        int reduction = interpolation == Interpolation.AUTOMATIC
                ? reduction(header.width(), header.height(), width, height)
                : 1;
        int decodedWidth = (header.width() + reduction - 1) / reduction;
        int decodedHeight = (header.height() + reduction - 1) / reduction;
        if (api == null || (long) decodedWidth * decodedHeight > MAX_PIXELS) {
            return null;
        }
        byte[] content = header.content();
        // The stream reads from this memory, which is freed after it.
        try (Memory file = new Memory(content.length)) {
            file.write(0, content, 0, content.length);
            Pointer stream = api.fopenReadFromMemory(file, new NativeLong(content.length));
            if (stream == null) {
                return null;
            }
            Pointer picture = null;
            try {
                picture = isAsItsHeader(api, stream, header) ? read(api, stream, reduction) : null;
                return picture == null
                        ? null
                        : resize(
                                api,
                                picture,
                                header.colours(),
                                reduction == 1
                                        ? interpolation.resampler(header.width(), header.height(), width, height)
                                        : new Resampler(header.width(), header.height(), reduction, width, height));
            } finally {
                api.pixDestroy(new PointerByReference(picture));
                api.lept_fclose(stream);
            }
        }
    }

    /**
     * Resizes pixels and encodes them as a JPEG.
     *
     * @param quality 1 to 100
     * @return null if that is left to another encoder
     */
    static byte @Nullable [] encode(Pixels pixels, int width, int height, int quality) {
        Api api = Bundled.API;
        Pointer original = api == null ? null : api.pixCreate(pixels.width(), pixels.height(), Integer.SIZE);
        if (api == null || original == null) {
            return null;
        }
        Pointer resized = null;
        PointerByReference content = new PointerByReference();
        NativeLongByReference size = new NativeLongByReference();
        try {
            int[] words = new int[pixels.width() * pixels.height()];
            Arrays.setAll(words, pixel -> pixels.colour(pixel) << 8);
            api.pixGetData(original).write(0, words, 0, words.length);
            resized = api.pixScaleGeneral(
                    original, (float) width / pixels.width(), (float) height / pixels.height(), UNSHARPENED, 0);
            return resized != null && api.pixWriteMemJpeg(content, size, resized, quality, 0) == 0
                    ? content.getValue().getByteArray(0, size.getValue().intValue())
                    : null;
        } finally {
            api.lept_free(content.getValue());
            api.pixDestroy(new PointerByReference(resized));
            api.pixDestroy(new PointerByReference(original));
        }
    }

    /** Whether what will be decoded is as large as the picture that was checked against the limits. */
    private static boolean isAsItsHeader(Api api, Pointer stream, ImageHeader header) {
        IntByReference width = new IntByReference();
        IntByReference height = new IntByReference();
        return api.freadHeaderJpeg(stream, width, height, null, null, null) == 0
                && width.getValue() == header.width()
                && height.getValue() == header.height();
    }

    private static @Nullable Pointer read(Api api, Pointer stream, int reduction) {
        IntByReference warnings = new IntByReference();
        Pointer picture = api.pixReadStreamJpeg(stream, 0, reduction, warnings, 0);
        if (picture != null && warnings.getValue() > 0) {
            api.pixDestroy(new PointerByReference(picture));
            return null;
        }
        return picture;
    }

    private static byte[] resize(Api api, Pointer picture, @Nullable ColourConversion colours, RowResampler resampler) {
        IntByReference width = new IntByReference();
        IntByReference height = new IntByReference();
        IntByReference depth = new IntByReference();
        api.pixGetDimensions(picture, width, height, depth);
        int[] words = new int[api.pixGetWpl(picture)];
        IntBuffer data = api.pixGetData(picture)
                .getByteBuffer(0, 4L * words.length * height.getValue())
                .asIntBuffer();
        byte[] rgb = new byte[width.getValue() * 3];
        for (int y = 0; y < height.getValue(); y++) {
            data.get(words);
            if (depth.getValue() == 8) {
                takeGrey(words, rgb);
            } else {
                takeColours(words, rgb);
            }
            if (colours != null) {
                colours.convert(rgb);
            }
            resampler.add(rgb);
        }
        return resampler.finish();
    }

    /** The lowest byte of a word is no colour: the next pixel takes its place. */
    private static void takeColours(int[] words, byte[] rgb) {
        int last = rgb.length / 3 - 1;
        for (int x = 0; x < last; x++) {
            BIG_ENDIAN.set(rgb, 3 * x, words[x]);
        }
        rgb[3 * last] = (byte) (words[last] >> 24);
        rgb[3 * last + 1] = (byte) (words[last] >> 16);
        rgb[3 * last + 2] = (byte) (words[last] >> 8);
    }

    /** Four pixels are in a word, the first in its highest byte. */
    private static void takeGrey(int[] words, byte[] rgb) {
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3;
            rgb[i] = (byte) (words[x / 4] >> 24 - x % 4 * 8);
        }
    }

    /** Loaded when the first JPEG comes. */
    private static final class Bundled {
        static final @Nullable Api API = load();

        private static @Nullable Api load() {
            if (Platform.isWindows()) {
                // There Leptonica would write each file to disk.
                return null;
            }
            String name = Platform.isMac() ? "libleptonica.6.dylib" : "libleptonica.so.6";
            try {
                Api api = Native.load(library(name).getPath(), Api.class);
                api.setMsgSeverity(NO_MESSAGES);
                return api;
            } catch (IOException | LinkageError | RuntimeException absent) {
                log.warn("JPEGs are decoded by Java, which takes several times as long: {}", absent.toString());
                return null;
            }
        }

        /** Returns the library as the image has it unpacked, or else unpacks that of the class path. */
        private static File library(String name) throws IOException {
            File unpacked = new File(System.getProperty("jna.library.path", ""), name);
            return unpacked.isFile()
                    ? unpacked
                    : Loader.cacheResource("/org/bytedeco/leptonica/" + Loader.getPlatform() + "/" + name);
        }
    }

    /** What is used of Leptonica 1.78 or newer. A caller closes a stream, destroys a picture and frees content. */
    @SuppressWarnings("checkstyle:MethodName") // the names of the library
    interface Api extends Library {
        int setMsgSeverity(int least);

        @Nullable Pointer fopenReadFromMemory(Pointer content, NativeLong size);

        int lept_fclose(Pointer stream);

        int freadHeaderJpeg(
                Pointer stream,
                IntByReference width,
                IntByReference height,
                @Nullable IntByReference samples,
                @Nullable IntByReference ycck,
                @Nullable IntByReference cmyk);

        @Nullable Pointer pixReadStreamJpeg(Pointer stream, int palette, int reduction, IntByReference warnings, int hint);

        void pixGetDimensions(Pointer picture, IntByReference width, IntByReference height, IntByReference depth);

        Pointer pixGetData(Pointer picture);

        int pixGetWpl(Pointer picture);

        void pixDestroy(PointerByReference picture);

        @Nullable Pointer pixCreate(int width, int height, int depth);

        @Nullable Pointer pixScaleGeneral(Pointer picture, float byX, float byY, float sharpening, int sharpeningWidth);

        int pixWriteMemJpeg(
                PointerByReference content, NativeLongByReference size, Pointer picture, int quality, int progressive);

        void lept_free(@Nullable Pointer content);
    }
}
