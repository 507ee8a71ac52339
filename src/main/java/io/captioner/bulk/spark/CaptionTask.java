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
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** One task: rows of path, length and time in, the same with the caption as JSON out, in order. */
final class CaptionTask implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    private final BundleSource bundle;
    private final Map<String, String> settings;
    private final int maxBytes;
    private final SerializableConfiguration hadoop;

    /** @param maxBytes as much of a file is read, and one byte more */
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
        Queue<Row> underWay = new ArrayDeque<>();
        Iterator<String> captions =
                ExecutorModel.get(bundle, settings, hadoop.value()).caption(files(photos, underWay));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return captions.hasNext();
            }

            @Override
            public Row next() {
                String caption = captions.next();
                Row photo = Objects.requireNonNull(underWay.poll());
                return RowFactory.create(photo.get(0), photo.get(1), photo.get(2), caption);
            }
        };
    }

    private Iterator<byte @Nullable []> files(Iterator<Row> photos, Queue<Row> underWay) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return photos.hasNext();
            }

            @Override
            public byte @Nullable [] next() {
                Row photo = photos.next();
                underWay.add(photo);
                return read(new Path(photo.getString(0)));
            }
        };
    }

    private byte @Nullable [] read(Path file) {
        try (InputStream in = file.getFileSystem(hadoop.value()).open(file)) {
            return in.readNBytes(maxBytes + 1);
        } catch (FileNotFoundException | AccessControlException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
