package io.captioner.training.data.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** UTF-8 text files, with or without the byte order mark that some editors put before them. */
final class TextFiles {
    private static final int MARK = '\uFEFF';

    private TextFiles() {}

    /** Opens a file behind its byte order mark; the caller closes it. */
    static BufferedReader open(Path file) throws IOException {
        BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        try {
            reader.mark(1);
            if (reader.read() != MARK) {
                reader.reset();
            }
            return reader;
        } catch (IOException e) {
            reader.close();
            throw e;
        }
    }

    /** Takes a line and its number, counted from 1. */
    @FunctionalInterface
    interface LineTaker {
        void take(int number, String line);
    }

    /** Goes through the lines that are not blank. */
    static void forEachLine(Path file, LineTaker taker) throws IOException {
        try (BufferedReader lines = open(file)) {
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    taker.take(number, line);
                }
                number++;
            }
        }
    }

    /** The place of a line, for people. */
    static String where(Path file, long line) {
        return "%s, line %d".formatted(file.getFileName(), line);
    }
}
