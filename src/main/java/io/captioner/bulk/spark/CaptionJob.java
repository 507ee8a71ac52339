package io.captioner.bulk.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Spark job: captions the photos that have no caption in the output yet, each once. */
public final class CaptionJob {
    private static final Logger log = LoggerFactory.getLogger(CaptionJob.class);
    private static final int UNEXPECTED = 1;
    private static final int UNUSABLE = 2;
    private static final int STORAGE = 4;

    private final SparkSession spark;
    private final JobArguments arguments;

    private CaptionJob(SparkSession spark, JobArguments arguments) {
        this.spark = spark;
        this.arguments = arguments;
    }

    /** Runs the job under {@code spark-submit}; it ends with the exit codes of all jobs. */
    public static void main(String[] arguments) {
        int code = run(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    private static int run(String... arguments) {
        try {
            JobArguments parsed = JobArguments.parse(arguments);
            SparkSession spark = SparkSession.builder()
                    .appName("captioner")
                    .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
                    .getOrCreate();
            try {
                new CaptionJob(spark, parsed).run();
                return 0;
            } finally {
                spark.stop();
            }
        } catch (Exception e) { // Spark throws checked exceptions that it does not declare
            int code = code(e);
            if (code == UNUSABLE) {
                log.error("The job failed with exit code {}: {}", code, e.getMessage());
            } else {
                log.error("The job failed with exit code {}", code, e);
            }
            return code;
        }
    }

    /** Returns the exit code of a failure. */
    static int code(Exception failure) {
        if (failure instanceof IllegalArgumentException
                || failure instanceof FileNotFoundException
                || failure instanceof AnalysisException) {
            return UNUSABLE;
        }
        return failure instanceof IOException ? STORAGE : UNEXPECTED;
    }

    private void run() throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        BundleSource bundle = BundleSource.find(arguments.bundle(), hadoop);
        CaptionOutput output = CaptionOutput.open(spark, arguments.output(), arguments.origin(bundle.sha256()));
        Dataset<Row> left = photos().join(output.done(), CaptionOutput.KEY.fieldNames(), "left_anti")
                .persist(StorageLevel.MEMORY_AND_DISK());
        long photos = left.count();
        log.info("{} photos have no caption yet", photos);
        if (photos > 0) {
            caption(left, photos, bundle, output, hadoop);
        }
        left.unpersist();
        report(output.captions());
    }

    private Dataset<Row> photos() {
        return spark.read()
                .format("binaryFile")
                .option("recursiveFileLookup", "true")
                .option("pathGlobFilter", arguments.glob())
                .load(arguments.photos().toArray(String[]::new))
                .select(
                        functions.col("path"),
                        functions.col("length"),
                        functions.col("modificationTime").as("modified"));
    }

    /** Which photos a task has follows from their names alone, so a task that is tried again has the same ones. */
    private void caption(
            Dataset<Row> left, long photos, BundleSource bundle, CaptionOutput output, Configuration hadoop) {
        CaptionTask task = new CaptionTask(bundle, arguments.settings(), arguments.maxBytes(), hadoop);
        output.append(left.repartition(arguments.tasks(photos), functions.col("path"))
                .mapPartitions(task, Encoders.row(CaptionOutput.KEY.add("json", DataTypes.StringType))));
    }

    private static void report(Dataset<Row> captions) {
        Row counts = captions.select("path", "length", "modified", "error")
                .agg(
                        functions.count(functions.lit(1)),
                        functions.countDistinct(
                                functions.col("path"), functions.col("length"), functions.col("modified")),
                        functions.count(functions.col("error")))
                .first();
        log.info("The output has {} photos, {} of them with an error", counts.getLong(0), counts.getLong(2));
        if (counts.getLong(0) != counts.getLong(1)) {
            throw new IllegalStateException("%d rows for %d photos: another job wrote to the same output"
                    .formatted(counts.getLong(0), counts.getLong(1)));
        }
    }
}
