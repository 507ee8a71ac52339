package io.captioner.image.heif;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.captioner.image.format.UnreadableImageException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The system's libheif, 1.9 or newer, as a decoder of one coded picture at a time. It is given only files that
 * {@link CodedItem} wrote. Safe for many threads; a decode runs on its caller's thread, but for one worker that the
 * H.265 decoder starts.
 */
public final class LibHeif {
    /** The major version of its interface, so that no other is loaded. */
    private static final String NAME = "libheif.so.1";

    private static final int RGB = 1;
    private static final int INTERLEAVED_RGB = 10;
    private static final int UNDEFINED = 99;
    private static final int LUMA = 0;
    private static final int INTERLEAVED = 10;

    /** Offsets in struct heif_decoding_options; a field is there from its version on. */
    private static final int CONVERT_HDR_TO_8BIT = 40;

    private static final int DECODER_ID = 48;
    private static final int DECODER_ID_VERSION = 4;

    /** Offset in struct heif_security_limits. */
    private static final int MAX_IMAGE_SIZE_PIXELS = 8;

    private final Api api;
    private final @Nullable LimitsApi limits;
    private final Set<CodedItem.Codec> codecs = EnumSet.noneOf(CodedItem.Codec.class);
    private final Memory aom = text("aom");

    private LibHeif(Api api, @Nullable LimitsApi limits) {
        this.api = api;
        this.limits = limits;
        for (CodedItem.Codec codec : CodedItem.Codec.values()) {
            if (api.heif_have_decoder_for_format(codec.number) != 0) {
                codecs.add(codec);
            }
        }
    }

    /** @throws UnsatisfiedLinkError if there is none on this machine */
    public static LibHeif load() {
        String name = System.getProperty("os.name", "").startsWith("Linux") ? NAME : "heif";
        Api api = Native.load(name, Api.class);
        NativeLibrary library = NativeLibrary.getInstance(name);
        if (has(library, "heif_init")) {
            Native.load(name, InitApi.class).heif_init(null);
        }
        return new LibHeif(
                api, has(library, "heif_context_get_security_limits") ? Native.load(name, LimitsApi.class) : null);
    }

    private static boolean has(NativeLibrary library, String function) {
        try {
            library.getFunction(function);
            return true;
        } catch (UnsatisfiedLinkError absent) {
            return false;
        }
    }

    private static Memory text(String text) {
        Memory memory = new Memory(text.length() + 1L);
        memory.setString(0, text);
        return memory;
    }

    public String version() {
        return api.heif_get_version();
    }

    public boolean decodes(CodedItem.Codec codec) {
        return codecs.contains(codec);
    }

    /**
     * Decodes a picture to 8-bit RGB.
     *
     * @param nclx how its colours are coded, null for what the coded picture says
     * @return its pixels, to be closed
     * @throws UnreadableImageException if it cannot be decoded to the size that it should have
     */
    public Plane rgb(CodedItem item, byte @Nullable [] nclx) {
        return decode(item, item.toFile(nclx), RGB, INTERLEAVED_RGB, INTERLEAVED, 3);
    }

    /** Decodes the luma of a picture as it is coded, which is how transparency is stored; as {@link #rgb} otherwise. */
    public Plane luma(CodedItem item) {
        return decode(item, item.toFile(null), UNDEFINED, UNDEFINED, LUMA, 1);
    }

    private Plane decode(CodedItem item, byte[] content, int colours, int chroma, int channel, int samples) {
        // The context reads from this memory, which is freed after it.
        try (Memory file = new Memory(content.length)) {
            file.write(0, content, 0, content.length);
            Pointer context = allocated(api.heif_context_alloc());
            Pointer handle = null;
            Pointer options = null;
            try {
                limit(context, item);
                check(api.heif_context_read_from_memory_without_copy(context, file, file.size(), null));
                PointerByReference reference = new PointerByReference();
                check(api.heif_context_get_primary_image_handle(context, reference));
                handle = allocated(reference.getValue());
                options = allocated(api.heif_decoding_options_alloc());
                options.setByte(CONVERT_HDR_TO_8BIT, (byte) 1);
                if (item.codec() == CodedItem.Codec.AV1 && options.getByte(0) >= DECODER_ID_VERSION) {
                    // Another AV1 decoder would start a thread for each processor.
                    options.setPointer(DECODER_ID, aom);
                }
                PointerByReference image = new PointerByReference();
                check(api.heif_decode_image(handle, image, colours, chroma, options));
                return plane(allocated(image.getValue()), item, channel, samples);
            } finally {
                if (options != null) {
                    api.heif_decoding_options_free(options);
                }
                if (handle != null) {
                    api.heif_image_handle_release(handle);
                }
                api.heif_context_free(context);
            }
        }
    }

    private void limit(Pointer context, CodedItem item) {
        api.heif_context_set_max_decoding_threads(context, 0);
        int padded = HevcStream.MAX_PADDING;
        if (limits != null) {
            Pointer ofContext = limits.heif_context_get_security_limits(context);
            if (ofContext != null) {
                ofContext.setLong(
                        MAX_IMAGE_SIZE_PIXELS, (item.width() + (long) padded) * (item.height() + (long) padded));
            }
        } else {
            api.heif_context_set_maximum_image_size_limit(context, Math.max(item.width(), item.height()) + padded);
        }
    }

    private Plane plane(Pointer image, CodedItem item, int channel, int samples) {
        IntByReference stride = new IntByReference();
        Pointer pixels = api.heif_image_get_plane_readonly(image, channel, stride);
        int bits = api.heif_image_get_bits_per_pixel_range(image, channel);
        int sampleBytes = bits > 8 ? 2 : 1;
        boolean fits = pixels != null
                && api.heif_image_get_width(image, channel) == item.width()
                && api.heif_image_get_height(image, channel) == item.height()
                && stride.getValue() >= item.width() * samples * sampleBytes
                && bits >= 8
                && bits <= 16
                && (samples == 1 || sampleBytes == 1);
        if (!fits || pixels == null) {
            api.heif_image_release(image);
            throw UnreadableImageException.damaged("its headers disagree about its size");
        }
        return new Plane(api, image, pixels, stride.getValue(), item.width() * samples, bits);
    }

    private static Pointer allocated(@Nullable Pointer pointer) {
        if (pointer == null) {
            throw new OutOfMemoryError("libheif has no memory");
        }
        return pointer;
    }

    private static void check(HeifError.ByValue error) {
        if (error.code != 0) {
            throw UnreadableImageException.damaged(
                    "libheif says: " + (error.message == null ? "error " + error.code : error.message.getString(0)));
        }
    }

    /** The decoded samples of one picture in libheif's memory, until it is closed. For one thread. */
    public static final class Plane implements AutoCloseable {
        private final Api api;
        private final Pointer pixels;
        private final long stride;
        private final int length;
        private final int bits;
        private final byte[] wide;
        private @Nullable Pointer image;

        private Plane(Api api, Pointer image, Pointer pixels, int stride, int length, int bits) {
            this.api = api;
            this.image = image;
            this.pixels = pixels;
            this.stride = stride;
            this.length = length;
            this.bits = bits;
            this.wide = new byte[bits > 8 ? 2 * length : 0];
        }

        /** Copies the first samples of a row, as 8 bits each; the row must exist. */
        public void read(int row, byte[] target, int offset, int count) {
            if (image == null || count > length) {
                throw new IllegalStateException("bug: a closed picture, or %d of %d samples".formatted(count, length));
            }
            if (bits == 8) {
                pixels.read(row * stride, target, offset, count);
                return;
            }
            pixels.read(row * stride, wide, 0, 2 * count);
            for (int i = 0; i < count; i++) {
                int sample = wide[2 * i] & 0xff | (wide[2 * i + 1] & 0xff) << 8;
                target[offset + i] = (byte) (sample >> bits - 8);
            }
        }

        @Override
        public void close() {
            if (image != null) {
                api.heif_image_release(image);
                image = null;
            }
        }
    }

    /** What a function returns: 0 for success, else why not. */
    @Structure.FieldOrder({"code", "subcode", "message"})
    public static class HeifError extends Structure {
        public int code;
        public int subcode;
        public @Nullable Pointer message;

        /** Returned in registers. */
        public static final class ByValue extends HeifError implements Structure.ByValue {}
    }

    /** Functions of every version that is used. */
    @SuppressWarnings("checkstyle:MethodName") // the names of the library
    interface Api extends Library {
        String heif_get_version();

        int heif_have_decoder_for_format(int codec);

        @Nullable Pointer heif_context_alloc();

        void heif_context_free(Pointer context);

        void heif_context_set_max_decoding_threads(Pointer context, int threads);

        void heif_context_set_maximum_image_size_limit(Pointer context, int side);

        HeifError.ByValue heif_context_read_from_memory_without_copy(
                Pointer context, Pointer memory, long size, @Nullable Pointer options);

        HeifError.ByValue heif_context_get_primary_image_handle(Pointer context, PointerByReference handle);

        void heif_image_handle_release(Pointer handle);

        @Nullable Pointer heif_decoding_options_alloc();

        void heif_decoding_options_free(Pointer options);

        HeifError.ByValue heif_decode_image(
                Pointer handle, PointerByReference image, int colours, int chroma, Pointer options);

        @Nullable Pointer heif_image_get_plane_readonly(Pointer image, int channel, IntByReference stride);

        int heif_image_get_width(Pointer image, int channel);

        int heif_image_get_height(Pointer image, int channel);

        int heif_image_get_bits_per_pixel_range(Pointer image, int channel);

        void heif_image_release(Pointer image);
    }

    /** From 1.13 on. */
    interface InitApi extends Library {
        HeifError.ByValue heif_init(@Nullable Pointer parameters);
    }

    /** From 1.19 on. */
    interface LimitsApi extends Library {
        @Nullable Pointer heif_context_get_security_limits(Pointer context);
    }
}
