package io.captioner.bulk.spark;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
