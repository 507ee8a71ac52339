package io.captioner.bulk;

import com.adobe.internal.xmp.XMPConst;
import com.adobe.internal.xmp.XMPException;
import com.adobe.internal.xmp.XMPMeta;
import com.adobe.internal.xmp.XMPMetaFactory;
import com.adobe.internal.xmp.XMPPathFactory;
import com.adobe.internal.xmp.options.ParseOptions;
import com.adobe.internal.xmp.options.SerializeOptions;
import com.adobe.internal.xmp.properties.XMPProperty;
import io.captioner.files.UnusableFileException;
import io.captioner.image.PhotoDescription;
import io.captioner.jobs.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The XMP sidecars of photos, in which a caption is {@code dc:description} in the language {@code x-default}. All else
 * in a sidecar is kept, and the photo is never written. A sidecar is {@code photo.jpg.xmp} or {@code photo.xmp}: one
 * that is there is used, of both the first; the second only if no other file of its folder could mean it, as a raw
 * photo beside a JPEG does.
 */
final class Sidecars {
    /** How their names end, in lower case. */
    static final String EXTENSION = ".xmp";

    private static final String DESCRIPTION = "description";
    private static final String LANGUAGE = "lang";

    /** A larger file is no sidecar. */
    private static final int MAX_BYTES = 64 << 20;

    private final Naming naming;

    /** How a new sidecar is named. */
    enum Naming {
        /** {@code photo.jpg.xmp}. */
        FULL_NAME,
        /** {@code photo.xmp}. */
        STEM
    }

    Sidecars(Naming naming) {
        this.naming = naming;
    }

    /** Returns the sidecar of a photo: the one that is there, or where a new one belongs. */
    Path of(Path photo) throws IOException {
        String name = photo.getFileName().toString();
        Path full = photo.resolveSibling(name + EXTENSION);
        if (Files.exists(full)) {
            return full;
        }
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        Path stemmed = photo.resolveSibling(stem + EXTENSION);
        boolean wanted = naming == Naming.STEM || Files.exists(stemmed);
        return wanted && !isShared(photo, stem) ? stemmed : full;
    }

    /** Returns whether another file than this photo, and no sidecar, has the stem. */
    private static boolean isShared(Path photo, String stem) throws IOException {
        Path folder = photo.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(photo.getFileName().toString()))
                    .filter(name -> !name.toLowerCase(Locale.ROOT).endsWith(EXTENSION))
                    .anyMatch(name -> name.startsWith(stem + "."));
        }
    }

    /**
     * Returns the description in the sidecar of a photo, null if there is none.
     *
     * @throws UnusableFileException if there is a sidecar that cannot be read
     */
    @Nullable String description(Path photo) throws IOException {
        Path sidecar = of(photo);
        XMPMeta xmp = read(sidecar);
        return xmp == null ? null : PhotoDescription.of(xmp);
    }

    /**
     * Writes a caption into the sidecar of a photo, which is replaced as a whole.
     *
     * @throws UnusableFileException if there is a sidecar that cannot be read; it is left as it is
     */
    void write(Path photo, String caption) throws IOException {
        Path sidecar = of(photo);
        XMPMeta existing = read(sidecar);
        XMPMeta xmp = existing == null ? XMPMetaFactory.create() : existing;
        byte[] packet;
        try {
            describe(xmp, caption);
            packet = XMPMetaFactory.serializeToBuffer(xmp, new SerializeOptions().setPadding(1));
        } catch (XMPException e) {
            throw new UnusableFileException("%s: %s".formatted(sidecar, e.getMessage()), e);
        }
        AtomicFile.write(existing == null ? sidecar : sidecar.toRealPath(), packet);
    }

    /** {@code setLocalizedText} would replace a single text of another language. */
    private static void describe(XMPMeta xmp, String caption) throws XMPException {
        int texts = xmp.countArrayItems(XMPConst.NS_DC, DESCRIPTION);
        if (texts == 0) {
            xmp.setLocalizedText(XMPConst.NS_DC, DESCRIPTION, "", XMPConst.X_DEFAULT, caption);
            return;
        }
        for (int i = 1; i <= texts; i++) {
            XMPProperty language = xmp.getQualifier(XMPConst.NS_DC, item(i), XMPConst.NS_XML, LANGUAGE);
            if (language != null && language.getValue().equals(XMPConst.X_DEFAULT)) {
                xmp.setProperty(XMPConst.NS_DC, item(i), caption);
                return;
            }
        }
        xmp.insertArrayItem(XMPConst.NS_DC, DESCRIPTION, 1, caption);
        xmp.setQualifier(XMPConst.NS_DC, item(1), XMPConst.NS_XML, LANGUAGE, XMPConst.X_DEFAULT);
    }

    private static String item(int number) throws XMPException {
        return XMPPathFactory.composeArrayItemPath(DESCRIPTION, number);
    }

    private static @Nullable XMPMeta read(Path sidecar) throws IOException {
        try {
            if (Files.size(sidecar) > MAX_BYTES) {
                throw new UnusableFileException(
                        "%s has more than %d bytes: it is no XMP sidecar".formatted(sidecar, MAX_BYTES));
            }
            byte[] bytes = Files.readAllBytes(sidecar);
            return XMPMetaFactory.parseFromBuffer(bytes, new ParseOptions().setDisallowDoctype(true));
        } catch (NoSuchFileException none) {
            return null;
        } catch (XMPException e) {
            throw new UnusableFileException(
                    "%s is not readable as XMP (%s): repair or remove it".formatted(sidecar, e.getMessage()), e);
        }
    }
}
