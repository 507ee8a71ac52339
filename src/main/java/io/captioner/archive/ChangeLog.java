package io.captioner.archive;

import io.captioner.jobs.AtomicFile;
import io.captioner.jobs.JsonLines;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The log of changes that the index may not have on the disk yet: numbered files of a JSON object a line, of which the
 * last is appended to. What could not be appended whole is cut off again. For one thread.
 */
final class ChangeLog implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ChangeLog.class);
    private static final Pattern NAME = Pattern.compile("changes-(\\d{1,18})\\.jsonl");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path directory;
    private final boolean sync;
    private long number;
    private @Nullable FileChannel channel;
    private long length;
    private boolean forced = true;

    /**
     * A log that goes on in a new file.
     *
     * @param sync whether the disk has what is appended, not only the operating system
     */
    ChangeLog(Path directory, boolean sync) throws IOException {
        this.directory = directory;
        this.sync = sync;
        try (Stream<Path> files = Files.list(directory)) {
            this.number = files.mapToLong(ChangeLog::number).max().orElse(0) + 1;
        }
    }

    /** Passes on the changes of the files from this number on, in order; a line that cannot be read is left out. */
    void replay(long from, Consumer<Change> changes) throws IOException {
        for (long file : numbers()) {
            if (file < from) {
                continue;
            }
            int[] unreadable = new int[1];
            try (InputStream in = Files.newInputStream(path(file))) {
                JsonLines.forEach(in, line -> {
                    Change change = read(line);
                    if (change == null) {
                        unreadable[0]++;
                    } else {
                        changes.accept(change);
                    }
                });
            }
            if (unreadable[0] > 0) {
                log.error("{} has {} lines that cannot be read: they are left out", path(file), unreadable[0]);
            }
        }
    }

    /**
     * Appends changes. When this returns, the disk has them, or without sync the operating system, until
     * {@link #force}. If it throws, none of them was appended.
     */
    void append(List<Change> changes) throws IOException {
        byte[][] lines =
                changes.stream().map(change -> JsonLines.line(JSON, change)).toArray(byte[][]::new);
        FileChannel open = channel == null ? open() : channel;
        try {
            long end = length;
            for (byte[] line : lines) {
                ByteBuffer bytes = ByteBuffer.wrap(line);
                while (bytes.hasRemaining()) {
                    end += open.write(bytes, end);
                }
            }
            if (sync) {
                open.force(false);
            }
            forced = sync;
            length = end;
        } catch (IOException failure) {
            cutOff(open, failure);
            throw failure;
        }
    }

    /** Hands to the disk what it does not have yet. */
    void force() throws IOException {
        if (channel != null && !forced) {
            channel.force(false);
            forced = true;
        }
    }

    /** Begins a new file, and returns its number: the changes before it are in the files of lower numbers. */
    long next() throws IOException {
        close();
        return ++number;
    }

    /** Removes the files of lower numbers. */
    void removeBefore(long first) throws IOException {
        for (long file : numbers()) {
            if (file < first) {
                Files.deleteIfExists(path(file));
            }
        }
    }

    /** Returns how many bytes all files have. */
    long bytes() throws IOException {
        long bytes = 0;
        for (long file : numbers()) {
            bytes += size(path(file));
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            force();
            channel.close();
            channel = null;
        }
    }

    private FileChannel open() throws IOException {
        FileChannel opened = FileChannel.open(path(number), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel = opened;
        length = opened.size();
        AtomicFile.forceDirectory(directory);
        return opened;
    }

    /**
     * Part of a line before the next one would spoil both; after a failed force it is unknown what the disk has. The
     * file is opened again for the next changes: it may be another one by then.
     */
    private void cutOff(FileChannel open, IOException failure) {
        channel = null;
        try (open) {
            open.truncate(length);
        } catch (IOException alsoThat) {
            failure.addSuppressed(alsoThat);
            number++;
        }
    }

    private static @Nullable Change read(byte[] line) {
        try {
            return JSON.readValue(line, Change.class);
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    private List<Long> numbers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(ChangeLog::number)
                    .filter(file -> file > 0)
                    .sorted()
                    .toList();
        }
    }

    private static long number(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException removed) {
            return 0;
        }
    }

    private Path path(long file) {
        return directory.resolve("changes-%06d.jsonl".formatted(file));
    }
}
