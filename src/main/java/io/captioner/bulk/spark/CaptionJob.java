package io.captioner.bulk.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    /**
     * The arguments of the job, {@code --name=value}.
     *
     * @param photos folders on any Hadoop file system, searched with all folders in them
     * @param bundle the directory of a bundle on any Hadoop file system
     * @param output the directory of the captions on any Hadoop file system
     * @param glob pattern of file names
     * @param photosPerTask about this number of photos is committed together
     * @param maxBytes most bytes of a photo that is decoded
     * @param settings of the model and its search, by the names that they have below {@code captioner.bulk}
     */
    record JobArguments(
            List<String> photos,
            String bundle,
            String output,
            String glob,
            int photosPerTask,
            int maxBytes,
            Map<String, String> settings) {
        static final String USAGE = """
                spark-submit --class io.captioner.bulk.spark.CaptionJob captioner.jar \
                --photos=URI[,URI...] --bundle=URI --output=URI [--glob=*] [--photos-per-task=256] [--max-bytes=20971520] \
                [--device=auto|cpu|gpu] [--batch-size=16] [--beam-width=N] [--max-words=N] [--length-penalty=X] \
                [--no-repeat-ngram=N] [--max-pixels=N] [--max-side=N]""";

        private static final Set<String> OF_THE_JOB = Set.of("photos", "bundle", "output", "glob", "photos-per-task");
        private static final Set<String> OF_THE_MODEL = Set.of(
                "device",
                "batch-size",
                "beam-width",
                "max-words",
                "length-penalty",
                "no-repeat-ngram",
                "max-bytes",
                "max-pixels",
                "max-side");

        private static final Set<String> WITHOUT_EFFECT = Set.of("device", "batch-size");

        /** @throws IllegalArgumentException if an argument is wrong; the message names it */
        static JobArguments parse(String... arguments) {
            Map<String, String> job = new TreeMap<>();
            Map<String, String> model = new TreeMap<>();
            for (String argument : arguments) {
                int equals = argument.indexOf('=');
                String name = argument.startsWith("--") && equals > 0 ? argument.substring(2, equals) : argument;
                Map<String, String> kind = OF_THE_JOB.contains(name) ? job : model;
                if (kind == model && !OF_THE_MODEL.contains(name)) {
                    throw new IllegalArgumentException(
                            "'%s' is not an argument of this job. Start it with %s".formatted(argument, USAGE));
                }
                kind.put(name, argument.substring(equals + 1));
            }
            model.putIfAbsent("max-bytes", "20971520");
            return new JobArguments(
                    List.of(needed(job, "photos").split(",")),
                    needed(job, "bundle"),
                    needed(job, "output"),
                    job.getOrDefault("glob", "*"),
                    number("photos-per-task", job.getOrDefault("photos-per-task", "256")),
                    number("max-bytes", model.get("max-bytes")),
                    model);
        }

        /** Returns into how many tasks a number of photos, at least 1, is divided. */
        int tasks(long photos) {
            return (int) Math.min(Integer.MAX_VALUE, (photos - 1) / photosPerTask + 1);
        }

        /**
         * Returns what all captions of an output have in common: the bundle, and the search without what changes no
         * caption.
         */
        String origin(String bundleSha256) {
            Map<String, String> search = new TreeMap<>(settings);
            search.keySet().removeAll(WITHOUT_EFFECT);
            return "bundle %s, %s%n".formatted(bundleSha256, search);
        }

        private static String needed(Map<String, String> given, String name) {
            String value = given.getOrDefault(name, "");
            if (value.isBlank()) {
                throw new IllegalArgumentException("--%s is missing. Start the job with %s".formatted(name, USAGE));
            }
            return value;
        }

        private static int number(String name, String value) {
            if (!value.matches("[1-9]\\d{0,8}")) {
                throw new IllegalArgumentException(
                        "--%s is '%s'; it must be a whole number from 1 to 999999999".formatted(name, value));
            }
            return Integer.parseInt(value);
        }
    }
}
