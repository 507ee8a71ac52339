package io.captioner.bulk.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** One task: rows of path, length and time of change in, the same with the caption as JSON out, in order. */
final class CaptionTask implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final BundleSource bundle;
    private final Map<String, String> settings;
    private final int maxBytes;
    private final SerializableConfiguration hadoop;

    /** @param maxBytes the longest file that is captioned; one byte more is read, so that a longer one is noticed */
    CaptionTask(BundleSource bundle, Map<String, String> settings, int maxBytes, Configuration hadoop) {
        this.bundle = bundle;
        this.settings = settings;
        this.maxBytes = maxBytes;
        this.hadoop = new SerializableConfiguration(hadoop);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> photos) throws IOException {
        if (!photos.hasNext()) {
            return photos;
        }
        Configuration configuration = hadoop.value();
        return captioned(
                photos,
                photo -> read(photo.getString(0), () -> open(new Path(photo.getString(0)), configuration), maxBytes),
                ExecutorModel.get(bundle, settings, configuration)::caption,
                (photo, caption) -> RowFactory.create(photo.get(0), photo.get(1), photo.get(2), caption));
    }

    /** Opens a file. */
    @FunctionalInterface
    interface Source {
        /** Returns its bytes from the first on. */
        InputStream open() throws IOException;
    }

    /**
     * Returns each row with its caption, in order, also if the captioner reads ahead.
     *
     * @param bytes reads the file of a row, null if it cannot be read
     * @param captioner captions as many photos as it is given, in their order
     * @param captioned makes the row with its caption
     */
    static <R> Iterator<R> captioned(
            Iterator<R> photos,
            Function<R, byte @Nullable []> bytes,
            Function<Iterator<byte @Nullable []>, Iterator<String>> captioner,
            BiFunction<R, String, R> captioned) {
        Queue<R> inFlight = new ArrayDeque<>();
        Iterator<String> captions = captioner.apply(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return photos.hasNext();
            }

            @Override
            public byte @Nullable [] next() {
                R photo = photos.next();
                inFlight.add(photo);
                return bytes.apply(photo);
            }
        });
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return captions.hasNext();
            }

            @Override
            public R next() {
                String caption = captions.next();
                return captioned.apply(Objects.requireNonNull(inFlight.poll()), caption);
            }
        };
    }

    private static InputStream open(Path file, Configuration configuration) throws IOException {
        return file.getFileSystem(configuration).open(file);
    }

    /** Returns a file's bytes, at most one more than allowed; null if it is gone or may not be read. */
    static byte @Nullable [] read(String path, Source file, int maxBytes) {
        try (InputStream in = file.open()) {
            return in.readNBytes(maxBytes + 1);
        } catch (FileNotFoundException | AccessControlException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
