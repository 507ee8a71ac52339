package io.captioner.bulk.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The directory of the captions: Parquet files that appear when their task is complete, all of one model and search.
 */
final class CaptionOutput {
    /** Identifies a photo, and one content of it: a photo that is replaced has another key. */
    static final StructType KEY = StructType.fromDDL("path STRING, length BIGINT, modified TIMESTAMP");

    /** The result of a photo. */
    static final StructType CAPTION = StructType.fromDDL(
            "width INT, height INT, caption STRING, words ARRAY<STRUCT<word: STRING, probability: DOUBLE>>,"
                    + " logProbability DOUBLE, confidence DOUBLE, model STRING, bundleSha256 STRING,"
                    + " options STRUCT<beamWidth: INT, maxWords: INT, lengthPenalty: FLOAT, noRepeatNgram: INT>,"
                    + " error STRUCT<reason: STRING, message: STRING>");

    /** Spark and Hadoop pass over names that begin so. */
    private static final String ORIGIN = "_captioner";

    private final SparkSession spark;
    private final Path directory;

    private CaptionOutput(SparkSession spark, Path directory) {
        this.spark = spark;
        this.directory = directory;
    }

    /**
     * Opens or makes the directory.
     *
     * @param origin equal for captions that belong together
     * @throws IllegalArgumentException if there are captions in it of another origin
     */
    static CaptionOutput open(SparkSession spark, String uri, String origin) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Path directory = new Path(uri);
        FileSystem files = directory.getFileSystem(hadoop);
        files.mkdirs(directory);
        Path note = new Path(directory, ORIGIN);
        String found = read(files, note);
        if (found == null) {
            write(files, note, origin);
        } else if (!found.equals(origin)) {
            throw new IllegalArgumentException(
                    "%s has captions of%n%s, not of%n%s: give another --output, or the same bundle and options"
                            .formatted(uri, found, origin));
        }
        return new CaptionOutput(spark, directory);
    }

    /** Returns the photos that are captioned: path, length and time. */
    Dataset<Row> done() {
        return captions().select("path", "length", "modified");
    }

    /** Returns all captions. */
    Dataset<Row> captions() {
        StructType schema = KEY;
        for (StructField field : CAPTION.fields()) {
            schema = schema.add(field);
        }
        return spark.read().schema(schema).parquet(directory.toString());
    }

    /** Writes captions, given as JSON; those of a task appear with its end, in one file. */
    void append(Dataset<Row> captions) {
        captions.withColumn("json", functions.from_json(functions.col("json"), CAPTION, Map.of("mode", "FAILFAST")))
                .select("path", "length", "modified", "json.*")
                .write()
                .mode(SaveMode.Append)
                .option("mapreduce.fileoutputcommitter.algorithm.version", "2")
                .parquet(directory.toString());
    }

    private static @Nullable String read(FileSystem files, Path note) throws IOException {
        try (InputStream in = files.open(note)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (FileNotFoundException e) {
            return null;
        }
    }

    /** A partial note would make the restart fail, so it is written beside its place and renamed. */
    private static void write(FileSystem files, Path note, String origin) throws IOException {
        Path draft = new Path(note.getParent(), ORIGIN + ".draft");
        try (OutputStream out = files.create(draft, true)) {
            out.write(origin.getBytes(StandardCharsets.UTF_8));
        }
        if (!files.rename(draft, note)) {
            throw new IOException("cannot write " + note);
        }
    }
}
