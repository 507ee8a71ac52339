package io.captioner.bulk;

import io.captioner.jobs.AtomicFile;
import io.captioner.jobs.JsonLines;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The captions of a file of JSON lines as CSV by RFC 4180, in UTF-8: a header, and a record for each line. */
final class CaptionTable {
    private static final List<String> COLUMNS = List.of(
            "path",
            "caption",
            "confidence",
            "logProbability",
            "width",
            "height",
            "model",
            "errorReason",
            "errorMessage");

    private CaptionTable() {}

    /** Replaces the table as a whole. */
    static void write(Path lines, Path table) throws IOException {
        JsonMapper json = JsonMapper.shared();
        AtomicFile.write(table, file -> {
            try (InputStream in = Files.newInputStream(lines);
                    BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                    CSVPrinter csv = new CSVPrinter(out, CSVFormat.RFC4180)) {
                csv.printRecord(COLUMNS);
                JsonLines.forEach(in, line -> add(json.readTree(line), csv));
            }
        });
    }

    private static void add(JsonNode line, CSVPrinter csv) {
        try {
            for (String column : COLUMNS) {
                JsonNode value = switch (column) {
                    case "errorReason" -> line.at("/error/reason");
                    case "errorMessage" -> line.at("/error/message");
                    default -> line.path(column);
                };
                csv.print(value.isNull() || value.isMissingNode() ? "" : value.asString());
            }
            csv.println();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
