package io.captioner.image;

import io.captioner.image.format.ImageFormat;
import io.captioner.image.format.UnreadableImageException;
import io.captioner.image.format.UnreadableImageException.Reason;
import io.captioner.image.heif.CodedItem;
import io.captioner.image.heif.LibHeif;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether HEIC and AVIF are read, by which version of the system's libheif, and if not, why. Safe for many threads. */
public final class HeifSupport {
    private static final String OFF = "it is switched off; the operator switches it on with captioner.image.heif=auto";

    private final @Nullable LibHeif library;
    private final String reason;

    private HeifSupport(@Nullable LibHeif library, String reason) {
        this.library = library;
        this.reason = reason;
    }

    /** Returns the support of this machine: that of its libheif, which is loaded once for all. */
    public static HeifSupport installed() {
        return Installed.SUPPORT;
    }

    /** Returns no support: libheif is not loaded. */
    public static HeifSupport off() {
        return new HeifSupport(null, OFF);
    }

    /** Returns the version of libheif, empty if HEIC and AVIF are not read. */
    public Optional<String> version() {
        return Optional.ofNullable(library).map(LibHeif::version);
    }

    /** Returns whether pictures of a format are decoded: libheif may lack the decoder of one. */
    public boolean reads(ImageFormat format) {
        return library != null && library.decodes(codec(format));
    }

    /** Returns in words what is read, or why nothing is. */
    public String description() {
        if (library == null) {
            return "HEIC and AVIF are not read: " + reason;
        }
        return "libheif %s reads HEIC: %s, AVIF: %s"
                .formatted(
                        library.version(),
                        reads(ImageFormat.HEIC) ? "yes" : "no, it has no H.265 decoder",
                        reads(ImageFormat.AVIF) ? "yes" : "no, it has no AV1 decoder");
    }

    /** Returns what decodes a format, or refuses it with what to do. */
    LibHeif library(ImageFormat format) {
        if (library != null && library.decodes(codec(format))) {
            return library;
        }
        throw refusal(format);
    }

    boolean isThere() {
        return library != null;
    }

    UnreadableImageException refusal(ImageFormat format) {
        String why = library == null
                ? reason
                : "libheif here has no decoder for it; the operator installs one, such as"
                        + (format == ImageFormat.HEIC ? " libheif-plugin-libde265" : " libheif-plugin-aomdec");
        return new UnreadableImageException(
                Reason.NOT_AN_IMAGE,
                "The file is a picture in %s format, which is not read here: %s. Convert it and send a JPEG or PNG."
                        .formatted(format, why));
    }

    private static CodedItem.Codec codec(ImageFormat format) {
        return format == ImageFormat.AVIF ? CodedItem.Codec.AV1 : CodedItem.Codec.HEVC;
    }

    /** Loaded when it is first asked for. */
    private static final class Installed {
        static final HeifSupport SUPPORT = find();

        private static HeifSupport find() {
            try {
                return new HeifSupport(LibHeif.load(), "");
            } catch (LinkageError | RuntimeException absent) {
                return new HeifSupport(
                        null,
                        "libheif is not installed; the operator installs the package libheif1 (apt-get install libheif1) or"
                                + " runs the service's container image");
            }
        }
    }
}
