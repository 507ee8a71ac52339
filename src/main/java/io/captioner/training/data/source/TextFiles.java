package io.captioner.training.data.source;

import io.captioner.files.FileKind;
import io.captioner.files.UnusableFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.mozilla.universalchardet.UniversalDetector;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/**
 * Text files as people save them: UTF-8 with or without a byte order mark, UTF-16 and UTF-32 with one, and lines that
 * end with LF, CRLF or CR. Other encodings are refused by name.
 */
public final class TextFiles {
    private static final int MARK = 4;

    /** Marks before those that begin like them. */
    private static final List<Encoding> ENCODINGS = List.of(
            new Encoding("\u00EF\u00BB\u00BF", StandardCharsets.UTF_8),
            new Encoding("\u00FF\u00FE\0\0", Charset.forName("UTF-32LE")),
            new Encoding("\0\0\u00FE\u00FF", Charset.forName("UTF-32BE")),
            new Encoding("\u00FF\u00FE", StandardCharsets.UTF_16LE),
            new Encoding("\u00FE\u00FF", StandardCharsets.UTF_16BE));

    private static final Encoding UNMARKED = new Encoding("", StandardCharsets.UTF_8);

    private TextFiles() {}

    /** A byte order mark, as Latin-1, and what it stands for. */
    private record Encoding(String mark, Charset charset) {}

    /**
     * Opens a file behind its byte order mark; the caller closes it.
     *
     * @throws UnusableFileException if it is no text; what is not in its encoding fails later with a
     *     {@link CharacterCodingException}
     */
    static BufferedReader open(Path file) throws IOException {
        Encoding encoding = encoding(file);
        InputStream bytes = Files.newInputStream(file);
        try {
            bytes.skipNBytes(encoding.mark().length());
            return new BufferedReader(
                    new InputStreamReader(bytes, encoding.charset().newDecoder()));
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    /** Reads a file to its end. */
    @FunctionalInterface
    interface Reading {
        void run() throws IOException;
    }

    /**
     * Reads a file, and says of a damaged one where it is damaged and what to do.
     *
     * @throws UnusableFileException if it is not whole or in another encoding
     */
    static void read(Path file, Reading reading) throws IOException {
        try {
            reading.run();
        } catch (CharacterCodingException e) {
            throw undecodable(file, e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (JacksonException e) {
            if (e.getCause() instanceof CharacterCodingException undecodable) {
                throw undecodable(file, undecodable);
            } else if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            TokenStreamLocation location = e.getLocation();
            throw new UnusableFileException(
                    "%s is not whole or not JSON%s: %s; fetch or write it again"
                            .formatted(
                                    file,
                                    location == null
                                            ? "" // a limit of the parser
                                            : ", near line %d, column %d"
                                                    .formatted(location.getLineNr(), location.getColumnNr()),
                                    e.getOriginalMessage()),
                    e);
        }
    }

    private static Encoding encoding(Path file) throws IOException {
        FileKind kind = FileKind.of(file);
        if (kind == FileKind.ZIP) {
            throw kind.refusal(file, "unpack it, or if it is a workbook (.xlsx) save it as 'CSV UTF-8'");
        } else if (kind != FileKind.OTHER) {
            throw kind.refusal(file);
        }
        String start;
        try (InputStream bytes = Files.newInputStream(file)) {
            start = new String(bytes.readNBytes(MARK), StandardCharsets.ISO_8859_1);
        }
        Encoding encoding = ENCODINGS.stream()
                .filter(known -> start.startsWith(known.mark()))
                .findFirst()
                .orElse(UNMARKED);
        if (encoding.mark().isEmpty() && start.indexOf('\0') >= 0) {
            throw new UnusableFileException(
                    "%s is no text, or looks like UTF-16 without a byte order mark; save it as UTF-8".formatted(file));
        }
        return encoding;
    }

    /** Returns the refusal of a file that is not in its encoding: the first such line, and which it looks like. */
    private static UnusableFileException undecodable(Path file, CharacterCodingException cause) throws IOException {
        Charset charset = encoding(file).charset();
        if (!charset.equals(StandardCharsets.UTF_8)) {
            return new UnusableFileException(
                    "%s is not whole %s text; save it as UTF-8".formatted(file, charset), cause);
        }
        UniversalDetector detector = new UniversalDetector();
        int first = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 1;
            for (String line = lines.readLine(); line != null && !detector.isDone(); line = lines.readLine()) {
                byte[] bytes = line.concat("\n").getBytes(StandardCharsets.ISO_8859_1);
                if (!isUtf8(bytes)) {
                    first = first == 0 ? number : first;
                    detector.handleData(bytes);
                }
                number++;
            }
        }
        detector.dataEnd();
        String guess = Objects.requireNonNullElse(detector.getDetectedCharset(), "Windows-1252");
        return new UnusableFileException(
                "%s is not UTF-8 text: line %d looks like %s; save it as UTF-8 ('CSV UTF-8' in Excel, encoding='utf-8' in Python)"
                        .formatted(file, first, guess.replace("WINDOWS", "Windows")),
                cause);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Takes a line and its number, counted from 1. */
    @FunctionalInterface
    public interface LineTaker {
        /** Takes a line without its end. */
        void take(int number, String line);
    }

    /**
     * Goes through the lines that are not blank.
     *
     * @throws UnusableFileException if the file is no text, or in an encoding that is not read
     */
    public static void forEachLine(Path file, LineTaker taker) throws IOException {
        try (BufferedReader lines = open(file)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    taker.take(number, line);
                }
                number++;
            }
        } catch (CharacterCodingException e) {
            throw undecodable(file, e);
        }
    }

    /** The place of a line, for people. */
    public static String where(Path file, long line) {
        return "%s, line %d".formatted(file.getFileName(), line);
    }
}
