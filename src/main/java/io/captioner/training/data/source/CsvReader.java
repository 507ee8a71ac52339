package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * Separated values with a header, as RFC 4180, pandas and Excel write them: columns of {@link FieldNames} in any order,
 * others and nameless ones are passed over. Every caption column of a row holds a caption, or a list of them in
 * brackets; of several columns, empty ones hold none.
 */
final class CsvReader implements CaptionFormat.Reader {
    @Override
    public void read(Path file, CaptionEntry.Sink sink) throws IOException {
        Columns columns = Columns.read(file);
        if (!columns.areWhole()) {
            throw new UnusableFileException(
                    "%s begins with the columns %s; a first line that names columns for 'image' and 'caption' is needed: %s"
                            .formatted(file, columns.names(), FieldNames.READ));
        }
        CaptionRows rows = new CaptionRows();
        try (BufferedReader reader = TextFiles.open(file)) {
            int before = Columns.skipExcel(reader).isPresent() ? 1 : 0;
            try (CSVParser parser = Columns.format(columns.separator()).parse(reader)) {
                boolean header = true;
                for (CSVRecord row : parser) {
                    if (!header) {
                        take(TextFiles.where(file, before + parser.getCurrentLineNumber()), row, columns, rows, sink);
                    }
                    header = false;
                }
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException undecodable) {
                throw undecodable;
            } else if (e.getCause() instanceof CSVException) {
                throw quotes(file, e.getCause());
            }
            throw e.getCause();
        } catch (CSVException e) {
            throw quotes(file, e);
        }
        rows.drainTo(sink);
    }

    private static UnusableFileException quotes(Path file, IOException e) {
        return new UnusableFileException(
                "%s is not quoted as in RFC 4180: %s; correct its quotes, a quote within quotes is written twice"
                        .formatted(file, e.getMessage()),
                e);
    }

    private static void take(String where, CSVRecord row, Columns columns, CaptionRows rows, CaptionEntry.Sink sink) {
        int width = columns.names().size();
        if (row.stream().allMatch(String::isBlank)) {
            return;
        }
        if (IntStream.range(0, row.size())
                        .anyMatch(i -> i >= width && !row.get(i).isBlank())
                || IntStream.range(row.size(), width)
                        .anyMatch(i -> !columns.names().get(i).isEmpty())) {
            sink.unreadable(
                    where,
                    "%d fields under %d columns; a caption with separators ('%s') needs quotes"
                            .formatted(row.size(), width, columns.separator() == '\t' ? "tab" : columns.separator()));
            return;
        }
        List<String> written = columns.captions().stream().map(row::get).toList();
        List<String> filled =
                written.stream().filter(caption -> !caption.isBlank()).toList();
        String image = row.get(columns.image()).strip();
        for (String caption : filled.isEmpty() ? written.subList(0, 1) : filled) {
            PhotoObjects.captionsOf(caption).forEach(one -> rows.add(where, image, columns.splitOf(row), one));
        }
    }

    /**
     * The header of a file of separated values: the separator is the one of comma, semicolon, tab and bar under which it
     * names an image and a caption, or that Excel's first line {@code sep=;} names.
     *
     * @param separator the separator
     * @param names the columns as they are written, without blanks around them
     * @param image which column holds the file of a photo, counted from 0; -1 if none does
     * @param captions which columns hold captions; none if none does
     * @param split which column holds the split; -1 if none does
     */
    record Columns(char separator, List<String> names, int image, List<Integer> captions, int split) {
        private static final char[] SEPARATORS = {',', ';', '\t', '|'};
        private static final String EXCEL = "sep=";

        private static Columns of(char separator, List<String> names) {
            List<String> captions = FieldNames.captions(names);
            return new Columns(
                    separator,
                    names,
                    FieldNames.image(names).map(names::indexOf).orElse(-1),
                    IntStream.range(0, names.size())
                            .filter(column -> captions.contains(names.get(column)))
                            .boxed()
                            .toList(),
                    FieldNames.split(names).map(names::indexOf).orElse(-1));
        }

        /** Reads the header under the separator that suits it best. */
        static Columns read(Path file) throws IOException {
            Columns best = of(',', List.of());
            for (char separator : SEPARATORS) {
                Columns columns = of(separator, header(file, separator));
                if (columns.areWhole()) {
                    return columns;
                } else if (columns.names().size() > best.names().size()) {
                    best = columns;
                }
            }
            return best;
        }

        private static List<String> header(Path file, char separator) throws IOException {
            try (BufferedReader reader = TextFiles.open(file)) {
                Optional<Character> named = skipExcel(reader);
                if (named.isPresent() && named.get() != separator) {
                    return List.of();
                }
                try (CSVParser parser = format(separator).parse(reader)) {
                    Iterator<CSVRecord> rows = parser.iterator();
                    List<String> names = new ArrayList<>();
                    if (rows.hasNext()) {
                        rows.next().forEach(name -> names.add(name.strip()));
                    }
                    return names;
                }
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof CharacterCodingException undecodable) {
                    throw undecodable;
                }
                return List.of();
            } catch (CSVException quotesOfAnotherSeparator) {
                return List.of();
            }
        }

        /** Passes over a line {@code sep=;} and returns the separator that it names. */
        static Optional<Character> skipExcel(BufferedReader reader) throws IOException {
            reader.mark(EXCEL.length() + 1);
            char[] start = new char[EXCEL.length() + 1];
            int length = reader.read(start);
            if (length == start.length && new String(start, 0, EXCEL.length()).equalsIgnoreCase(EXCEL)) {
                reader.readLine();
                return Optional.of(start[EXCEL.length()]);
            }
            reader.reset();
            return Optional.empty();
        }

        static CSVFormat format(char separator) {
            return CSVFormat.RFC4180
                    .builder()
                    .setDelimiter(separator)
                    .setIgnoreEmptyLines(true)
                    .get();
        }

        /** Returns whether both an image and a caption have a column. */
        boolean areWhole() {
            return image >= 0 && !captions.isEmpty();
        }

        /** Returns the split of a row, null if it says none. */
        @Nullable String splitOf(CSVRecord row) {
            String written = split < 0 ? "" : row.get(split).strip();
            return written.isEmpty() ? null : written;
        }
    }
}
