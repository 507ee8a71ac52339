package io.captioner.training.data.source;

import io.captioner.files.UnusableFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Separated values with a header, as RFC 4180, pandas and Excel write them: columns of {@link FieldNames} in any order,
 * others and nameless ones are passed over. Every caption column of a row holds a caption, or a list of them in
 * brackets; of several columns, empty ones hold none.
 */
final class CsvReader implements CaptionsReader {
    @Override
    public void read(Path file, EntrySink sink) throws IOException {
        CsvColumns columns = CsvColumns.read(file);
        if (!columns.areWhole()) {
            throw new UnusableFileException(
                    "%s begins with the columns %s; a first line that names columns for 'image' and 'caption' is needed: %s"
                            .formatted(file, columns.names(), FieldNames.READ));
        }
        CaptionRows rows = new CaptionRows();
        try (BufferedReader reader = TextFiles.open(file)) {
            int before = CsvColumns.skipExcel(reader).isPresent() ? 1 : 0;
            try (CSVParser parser = CsvColumns.format(columns.separator()).parse(reader)) {
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

    private static void take(String where, CSVRecord row, CsvColumns columns, CaptionRows rows, EntrySink sink) {
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
}
