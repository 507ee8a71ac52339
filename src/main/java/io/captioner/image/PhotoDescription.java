package io.captioner.image;

import com.adobe.internal.xmp.XMPConst;
import com.adobe.internal.xmp.XMPException;
import com.adobe.internal.xmp.XMPMeta;
import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.iptc.IptcDirectory;
import com.drew.metadata.xmp.XmpDirectory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The description that a photo's own metadata have: {@code dc:description} of XMP, the caption of IPTC, or the image
 * description of EXIF, unless it is one that cameras write by themselves. For photos of the user's own: the service
 * reads no metadata but the orientation.
 */
public final class PhotoDescription {
    private static final String DESCRIPTION = "description";

    /** What cameras write in every photo, in lower case. */
    private static final Set<String> OF_CAMERAS = Set.of(
            "dcim",
            "default",
            "digital camera",
            "dji",
            "jpeg",
            "konica minolta digital camera",
            "minolta digital camera",
            "olympus digital camera",
            "samsung",
            "samsung digital camera",
            "sony dsc");

    private PhotoDescription() {}

    /** Returns the description of a file; empty if it has none, or its metadata cannot be read. */
    public static Optional<String> of(byte[] content) {
        List<@Nullable String> found = new ArrayList<>();
        try {
            Metadata metadata = ImageMetadataReader.readMetadata(new ByteArrayInputStream(content), content.length);
            for (XmpDirectory xmp : metadata.getDirectoriesOfType(XmpDirectory.class)) {
                found.add(of(xmp.getXMPMeta()));
            }
            add(metadata.getDirectoriesOfType(IptcDirectory.class), IptcDirectory.TAG_CAPTION, found);
            add(metadata.getDirectoriesOfType(ExifIFD0Directory.class), ExifIFD0Directory.TAG_IMAGE_DESCRIPTION, found);
            add(metadata.getDirectoriesOfType(ExifIFD0Directory.class), ExifIFD0Directory.TAG_WIN_COMMENT, found);
        } catch (ImageProcessingException | IOException | RuntimeException | StackOverflowError unreadable) {
            // What was found before counts.
        }
        return found.stream()
                .filter(text -> text != null && isWritten(text))
                .map(text -> String.valueOf(text).strip())
                .findFirst();
    }

    /**
     * Returns the first text of {@code dc:description} in any language, null if there is none.
     *
     * @param xmp a packet, of a photo or beside it
     */
    public static @Nullable String of(XMPMeta xmp) {
        try {
            for (int i = 1; i <= xmp.countArrayItems(XMPConst.NS_DC, DESCRIPTION); i++) {
                String text = xmp.getArrayItem(XMPConst.NS_DC, DESCRIPTION, i).getValue();
                if (text != null && !text.isBlank()) {
                    return text;
                }
            }
        } catch (XMPException notAnArray) {
            return null;
        }
        return null;
    }

    private static boolean isWritten(String text) {
        String plain = text.replace("\0", "").strip();
        return !plain.isEmpty() && !OF_CAMERAS.contains(plain.toLowerCase(Locale.ROOT));
    }

    private static void add(Iterable<? extends Directory> directories, int tag, List<@Nullable String> found) {
        directories.forEach(directory -> found.add(directory.getDescription(tag)));
    }
}
