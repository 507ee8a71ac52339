package io.captioner.training.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Comma-separated values with a header: {@code image,caption} and, if it has one, {@code split}; others are ignored.
 */
final class CsvReader implements CaptionsReader {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreHeaderCase(true)
            .setIgnoreEmptyLines(true)
            .get();

    @Override
    public void read(Path file, EntrySink sink) throws IOException {
        CaptionRows rows = new CaptionRows();
        try (BufferedReader reader = TextFiles.open(file);
                CSVParser parser = FORMAT.parse(reader)) {
            if (!parser.getHeaderMap().keySet().containsAll(Set.of("image", "caption"))) {
                throw new IOException("%s begins with the columns %s; 'image' and 'caption' are needed"
                        .formatted(file, parser.getHeaderNames()));
            }
            for (CSVRecord row : parser) {
                take(TextFiles.where(file, parser.getCurrentLineNumber()), row, rows, sink);
            }
        } catch (UncheckedIOException | CSVException e) {
            throw new IOException(
                    "%s is not comma-separated as in RFC 4180: %s; mend its quotes".formatted(file, e.getMessage()), e);
        }
        rows.drainTo(sink);
    }

    private static void take(String where, CSVRecord row, CaptionRows rows, EntrySink sink) {
        if (!row.isConsistent()) {
            sink.unreadable(
                    where,
                    "%d fields under %d columns; a caption with commas needs quotes"
                            .formatted(
                                    row.size(), row.getParser().getHeaderNames().size()));
            return;
        }
        String split = row.isMapped("split") ? row.get("split").strip() : "";
        rows.add(where, row.get("image").strip(), split.isEmpty() ? null : split, row.get("caption"));
    }
}
