package io.captioner.deployment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Prometheus reads of a running service: the values of each label of each metric.
 *
 * @param labels by metric and label
 */
record Scrape(Map<String, Map<String, Set<String>>> labels) {
    private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Reads the text format; what Prometheus adds itself is added: {@code up}, {@code job} and {@code instance}. */
    static Scrape parse(String text) {
        Map<String, Map<String, Set<String>>> labels = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new IllegalArgumentException("not a sample: " + line);
            }
            Map<String, Set<String>> values = labels.computeIfAbsent(sample.group(1), name -> new HashMap<>());
            if (sample.group(2) != null) {
                Matcher label = LABEL.matcher(sample.group(2));
                while (label.find()) {
                    values.computeIfAbsent(label.group(1), name -> new HashSet<>())
                            .add(label.group(2));
                }
            }
        });
        labels.put("up", new HashMap<>());
        labels.values().forEach(values -> {
            values.put("job", Set.of("captioner"));
            values.put("instance", Set.of("captioner:8081"));
        });
        return new Scrape(labels);
    }
}
