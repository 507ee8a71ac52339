package io.captioner.training.data;

import io.captioner.files.FileKind;
import io.captioner.files.UnusableFileException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * Zip archives as any system packs them. The file system reads names as Latin-1, so that every byte of them is kept;
 * what they mean is decided when a picture is asked for.
 */
final class ZipPictures implements Closeable {
    /** What zip programs write without saying so: a name may be asked for as any of them reads it. */
    private static final List<Charset> CHARSETS = Stream.of(
                    "IBM437",
                    "IBM850",
                    "windows-1252",
                    "windows-31j",
                    "GB18030",
                    "Big5",
                    "x-windows-949",
                    "windows-1251",
                    "IBM866",
                    "windows-1250",
                    "IBM852",
                    "EUC-JP")
            .filter(Charset::isSupported)
            .map(Charset::forName)
            .toList();

    private final Path place;
    private final FileSystem files;
    private final Map<String, String> names;

    private ZipPictures(Path place, FileSystem files, Map<String, String> names) {
        this.place = place;
        this.files = files;
        this.names = names;
    }

    /**
     * Opens an archive for reading; the caller closes it.
     *
     * @throws UnusableFileException if it is no whole zip archive, encrypted or packed in a way that cannot be read
     */
    static ZipPictures open(Path place) throws IOException {
        if (!Files.exists(place)) {
            throw new NoSuchFileException(place.toString(), null, "there are no pictures; set data.photos");
        }
        FileKind kind = FileKind.of(place);
        if (kind != FileKind.ZIP && kind != FileKind.OTHER) {
            throw kind.refusal(place, "data.photos reads folders and zip archives");
        }
        try {
            Map<String, String> names = names(place);
            FileSystem files = FileSystems.newFileSystem(
                    place, Map.of("accessMode", "readOnly", "encoding", StandardCharsets.ISO_8859_1.name()));
            return new ZipPictures(place, files, names);
        } catch (ZipException | EOFException | ProviderNotFoundException | IllegalArgumentException e) {
            throw new UnusableFileException(
                    kind == FileKind.ZIP
                            ? "%s is cut off or not a zip archive that can be read in place: %s; fetch it again, or unpack it and name the folder"
                                    .formatted(place, e.getMessage())
                            : "%s is neither a folder nor a zip archive; set data.photos".formatted(place),
                    e);
        }
    }

    /** Returns the pictures of the archive. */
    PictureIndex index() throws IOException {
        PictureIndex index = new PictureIndex(ImageSources.nameOf(place));
        try (Stream<Path> all = Files.walk(files.getPath("/"))) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String latin = file.toString().substring(1);
                if (!ImageSources.isClutter(latin)) {
                    readings(latin).forEach(name -> index.add(name, file));
                }
            }
        }
        return index;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    /** Returns the names that entries have in Unicode beside their own, and checks that every entry can be read. */
    private static Map<String, String> names(Path place) throws IOException {
        Map<String, String> names = new HashMap<>();
        try (ZipFile zip = ZipFile.builder()
                .setPath(place)
                .setCharset(StandardCharsets.ISO_8859_1)
                .setIgnoreLocalFileHeader(true)
                .get()) {
            for (Enumeration<ZipArchiveEntry> entries = zip.getEntries(); entries.hasMoreElements(); ) {
                ZipArchiveEntry entry = entries.nextElement();
                String latin = new String(entry.getRawName(), StandardCharsets.ISO_8859_1);
                if (!entry.isDirectory() && !ImageSources.isClutter(latin)) {
                    check(place, entry);
                    names.put(latin.replaceFirst("^/+", ""), entry.getName());
                }
            }
        }
        return names;
    }

    private static void check(Path place, ZipArchiveEntry entry) throws UnusableFileException {
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw new UnusableFileException("%s is encrypted ('%s'); unpack it with its password and name the folder"
                    .formatted(place, entry.getName()));
        }
        if (entry.getMethod() != ZipArchiveEntry.STORED && entry.getMethod() != ZipArchiveEntry.DEFLATED) {
            throw new UnusableFileException(
                    "%s: '%s' is compressed with method %d (%s), only deflate is read; unpack it and name the folder"
                            .formatted(
                                    place,
                                    entry.getName(),
                                    entry.getMethod(),
                                    ZipMethod.getMethodByCode(entry.getMethod())));
        }
    }

    private List<String> readings(String latin) {
        byte[] bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
        Optional<String> utf8 = decode(bytes, StandardCharsets.UTF_8);
        if (utf8.isPresent()) {
            return List.of(utf8.get());
        }
        List<String> readings = new ArrayList<>();
        readings.add(names.getOrDefault(latin, latin));
        CHARSETS.forEach(charset ->
                decode(bytes, charset).filter(name -> !readings.contains(name)).ifPresent(readings::add));
        return readings;
    }

    private static Optional<String> decode(byte[] bytes, Charset charset) {
        try {
            return Optional.of(
                    charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
