package io.captioner.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.CommandLineTool;
import io.captioner.Pictures;
import io.captioner.UntilExit;
import io.captioner.registry.ModelListener;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alerts, against what the real service lets Prometheus read. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"captioner.cache.enabled=false", "captioner.archive.enabled=true"})
class MonitoringTests {
    private static final Path DIRECTORY = Path.of("k8s", "monitoring");
    private static final Path ALERTS = DIRECTORY.resolve("alerts.yaml");
    private static final Path ALERT_TESTS = DIRECTORY.resolve("alerts.test.yaml");
    private static final Path DASHBOARD = DIRECTORY.resolve("dashboards/captioner.json");

    private final Scrape scrape;

    MonitoringTests(@Autowired Environment environment, @Autowired List<ModelListener> listeners) throws Exception {
        String port = requireNonNull(environment.getProperty("local.server.port"));
        String operators = environment.getProperty("local.management.port", port);
        new Client(Integer.parseInt(port)).postBody("", "image/png", Pictures.png(Color.RED, 9, 9));
        listeners.forEach(listener -> listener.refused("show-attend-tell", "broken", "to be counted"));
        scrape = Scrape.parse(new Client(Integer.parseInt(operators))
                .get("/actuator/prometheus")
                .body());
    }

    @DynamicPropertySource
    static void archive(DynamicPropertyRegistry registry) throws IOException {
        String directory = UntilExit.directory().toString();
        registry.add("captioner.archive.directory", () -> directory);
    }

    @Test
    void everyMetricOfTheDashboardIsOneOfTheService() throws IOException {
        List<String> queries = dashboardQueries();
        assertThat(queries).hasSizeGreaterThan(40);
        queries.forEach(this::assertAnswerable);
    }

    @Test
    void everyMetricOfTheAlertsIsOneOfTheService() throws IOException {
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> assertAnswerable(String.valueOf(rule.get("expr"))));
    }

    @Test
    void everySeriesThatTheTestsOfTheAlertsMakeUpIsOneOfTheService() throws IOException {
        for (Map<String, ?> test : Yaml.maps(Yaml.read(ALERT_TESTS).get("tests"))) {
            for (Map<String, ?> series : Yaml.maps(test.get("input_series"))) {
                assertAnswerable(String.valueOf(series.get("series")));
            }
        }
    }

    @Test
    void everyAlertIsTestedAndSaysWhatToDo() throws IOException {
        Set<String> tested = new TreeSet<>();
        for (Map<String, ?> test : Yaml.maps(Yaml.read(ALERT_TESTS).get("tests"))) {
            for (Map<String, ?> rule : Yaml.maps(test.get("alert_rule_test"))) {
                if (!Yaml.maps(rule.get("exp_alerts")).isEmpty()) {
                    tested.add(String.valueOf(rule.get("alertname")));
                }
            }
        }
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(tested).contains(String.valueOf(rule.get("alert")));
            assertThat(Yaml.map(rule.get("labels")).get("severity")).isIn("warning", "critical");
            assertThat(Yaml.map(rule.get("annotations"))).containsOnlyKeys("summary", "description");
        });
    }

    @Test
    void theDashboardShowsWhatAnOperatorAsks() throws IOException {
        assertThat(String.join("\n", dashboardQueries()))
                .contains("http_server_requests_seconds_bucket", "captioner_refused_images_total")
                .contains("captioner_queue_depth_images", "captioner_queue_seconds_bucket")
                .contains("captioner_batch_size_images_sum", "captioner_device_gpu")
                .contains("captioner_caption_confidence_percent", "captioner_caption_unknown_words_total")
                .contains("captioner_caption_familiarity_percent", "captioner_caption_abstained_captions_total");
    }

    @Test
    void promtoolFindsTheAlertsRight() throws Exception {
        CommandLineTool promtool = CommandLineTool.onPath("promtool");
        promtool.output("check", "rules", ALERTS.toString());
        promtool.output(
                "check",
                "config",
                "--syntax-only",
                DIRECTORY.resolve("prometheus.yml").toString());
        promtool.output("test", "rules", ALERT_TESTS.toString());
    }

    private void assertAnswerable(String expression) {
        Query query = Query.parse(expression);
        assertThat(query.metrics()).as(expression).isNotEmpty();
        assertThat(scrape.labels().keySet()).as(expression).containsAll(query.metrics());
        for (Query.Matches matcher : query.matchers()) {
            Map<String, Set<String>> labels = requireNonNull(scrape.labels().get(matcher.metric()));
            assertThat(labels).as(expression).containsKey(matcher.label());
            Set<String> values = requireNonNull(labels.get(matcher.label()));
            String value = matcher.value();
            if (value.startsWith("$") || matcher.label().matches("status|job|instance|model")) {
                continue; // chosen by whoever looks, or another one than a good request has
            }
            if (matcher.operator().endsWith("~")) {
                assertThat(values).as(expression).anyMatch(known -> known.matches(value));
            } else {
                assertThat(values).as(expression).contains(value);
            }
        }
    }

    private static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonNode panel :
                JsonMapper.shared().readTree(Files.readString(DASHBOARD)).path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                queries.add(target.path("expr").asString());
            }
        }
        return queries;
    }

    private static List<Map<String, ?>> rules() throws IOException {
        List<Map<String, ?>> rules = new ArrayList<>();
        for (Map<String, ?> group : Yaml.maps(Yaml.read(ALERTS).get("groups"))) {
            rules.addAll(Yaml.maps(group.get("rules")));
        }
        return rules;
    }
}
