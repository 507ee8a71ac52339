package io.captioner.bulk;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Writes the rows of Parquet files as JSON lines, in a process that has Spark. */
final class CaptionRows {
    private CaptionRows() {}

    /** Reads the directory that is the first argument, and writes the file that is the second. */
    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
        Files.write(
                Path.of(arguments[1]),
                spark.read().parquet(arguments[0]).orderBy("path").toJSON().collectAsList());
        spark.stop();
    }
}
