package io.captioner.deployment;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query of Prometheus asks for.
 *
 * @param metrics all names of metrics
 * @param matchers what is asked of their labels
 */
record Query(Set<String> metrics, List<Matches> matchers) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w.$])[a-zA-Z_:][\\w:]*(?!\\w|\\s*\\()");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool", "by", "on");

    /** What is asked of one label of one metric. */
    record Matches(String metric, String label, String operator, String value) {}

    static Query parse(String query) {
        List<Matches> matchers = new ArrayList<>();
        Matcher selector = SELECTOR.matcher(query);
        while (selector.find()) {
            Matcher label = LABEL.matcher(selector.group(2));
            while (label.find()) {
                matchers.add(new Matches(
                        selector.group(1),
                        label.group(1),
                        label.group(2),
                        label.group(3).replace("\\\\", "\\")));
            }
        }
        String bare = STRING.matcher(query).replaceAll("");
        bare = bare.replaceAll("\\{[^}]*}", " ").replaceAll("\\[[^]]*]", " ").replaceAll("\\b\\d+[a-z]+\\b", " ");
        bare = GROUPING.matcher(bare).replaceAll(" ");
        Set<String> metrics = new LinkedHashSet<>();
        Matcher name = NAME.matcher(bare);
        while (name.find()) {
            if (!WORDS.contains(name.group())) {
                metrics.add(name.group());
            }
        }
        return new Query(metrics, matchers);
    }
}
