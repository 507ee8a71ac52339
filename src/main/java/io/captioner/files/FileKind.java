package io.captioner.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kind of a file by its first bytes: kinds that users name instead of captions, archives or weights. */
public enum FileKind {
    /** A directory. */
    FOLDER("is a folder", "name the file in it"),
    /** No bytes at all. */
    EMPTY("is empty (0 bytes)", "fetch or write it again"),
    /** The text that Git LFS keeps in place of a large file. */
    GIT_LFS("is a Git LFS pointer, not the file that it stands for", "run 'git lfs pull' where it comes from"),
    /** A page for a browser. */
    HTML("is an HTML page, as a download that failed leaves it", "fetch the file itself"),
    /** XML, as object stores answer with. */
    XML("is an XML document, as a download that failed leaves it", "fetch the file itself"),
    /** Zip, and all formats that are one: .xlsx, .keras, PyTorch's .pt. */
    ZIP("is a zip archive", "unpack it", "PK\3\4", "PK\5\6", "PK\7\10"),
    /** Gzip, also .tar.gz. */
    GZIP("is compressed with gzip", "unpack it", "\37\u008B"),
    /** Other compressed files and archives. */
    ARCHIVE(
            "is an archive or a compressed file of another kind than zip",
            "unpack it",
            "7z\u00BC\u00AF\47\34",
            "Rar!\32\7",
            "\u00FD7zXZ\0",
            "BZh",
            "\50\u00B5\57\u00FD"),
    /** Office files before .xlsx. */
    OLD_OFFICE("is an old Office file, such as .xls", "save it as 'CSV UTF-8'", "\u00D0\u00CF\21\u00E0\u00A1\u00B1"),
    /** HDF5. */
    HDF5("is an HDF5 file", "name another", "\u0089HDF\r\n\32\n"),
    /** Tables in binary form. */
    TABLE(
            "is a table in binary form (Parquet, Arrow or SQLite)",
            "export it as CSV",
            "PAR1",
            "ARROW1",
            "SQLite format 3"),
    /** Arrays and objects of Python and PyTorch. */
    PYTHON(
            "is a file of Python's pickle or NumPy",
            "export it",
            "\u0093NUMPY",
            "\u0080\2",
            "\u0080\3",
            "\u0080\4",
            "\u0080\5"),
    /** PDF. */
    PDF("is a PDF document", "export it as text", "%PDF"),
    /** Pictures. */
    PICTURE("is a picture", "name another file", "\u00FF\u00D8\u00FF", "\u0089PNG", "GIF8", "RIFF"),
    /** Weights of other programs. */
    OTHER_WEIGHTS("holds weights of another program (GGUF)", "convert them", "GGUF"),
    /** None of the others; perhaps text. */
    OTHER("is of an unknown kind", "name another file");

    private static final int HEAD = 512;

    private final String what;
    private final String remedy;
    private final List<String> starts;

    FileKind(String what, String remedy, String... starts) {
        this.what = what;
        this.remedy = remedy;
        this.starts = List.of(starts);
    }

    /**
     * Returns what a file is.
     *
     * @throws IOException if it is absent or cannot be read
     */
    public static FileKind of(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return FOLDER;
        }
        byte[] head;
        try (InputStream bytes = Files.newInputStream(file)) {
            head = bytes.readNBytes(HEAD);
        }
        if (head.length == 0) {
            return EMPTY;
        }
        String start = new String(head, StandardCharsets.ISO_8859_1);
        return Arrays.stream(values())
                .filter(kind -> kind.starts.stream().anyMatch(start::startsWith))
                .findFirst()
                .orElseGet(() -> ofText(start));
    }

    private static FileKind ofText(String start) {
        String text = start.startsWith("\u00EF\u00BB\u00BF") ? start.substring(3) : start;
        text = text.strip().toLowerCase(Locale.ROOT);
        if (text.startsWith("version https://git-lfs")) {
            return GIT_LFS;
        } else if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
            return HTML;
        }
        return text.startsWith("<?xml") ? (text.contains("<html") ? HTML : XML) : OTHER;
    }

    /** Returns the refusal of a file of this kind: what it is, and what to do. */
    public UnusableFileException refusal(Path file) {
        return refusal(file, remedy);
    }

    /** Returns the refusal of a file of this kind: what it is, and what to do here. */
    public UnusableFileException refusal(Path file, String instead) {
        return new UnusableFileException("%s %s; %s".formatted(file, what, instead));
    }
}
