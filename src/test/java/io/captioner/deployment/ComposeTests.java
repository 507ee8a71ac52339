package io.captioner.deployment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Compose file: known keys only, and what it names is there. */
class ComposeTests {
    private static final Set<String> TOP_LEVEL = Set.of("name", "services", "volumes");
    private static final Set<String> OF_A_SERVICE = Set.of(
            "build",
            "cap_drop",
            "command",
            "depends_on",
            "deploy",
            "environment",
            "healthcheck",
            "image",
            "mem_limit",
            "networks",
            "ports",
            "profiles",
            "read_only",
            "restart",
            "security_opt",
            "stop_grace_period",
            "tmpfs",
            "user",
            "volumes");
    private static final Set<String> OF_A_VOLUME = Set.of("type", "source", "target", "read_only", "bind");
    private static final Set<String> OF_A_HEALTH_CHECK =
            Set.of("interval", "timeout", "start_period", "retries", "disable");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+):-([^}]*)}");
    private static final String MONITORING = "./k8s/monitoring/";

    private final Map<String, ?> file;
    private final Map<String, ?> services;
    private final Dockerfile dockerfile;

    ComposeTests() throws IOException {
        file = Yaml.read(Path.of("docker-compose.yml"));
        services = Yaml.map(file.get("services"));
        dockerfile = Dockerfile.read(Path.of("Dockerfile"));
    }

    @Test
    void everyKeyIsKnown() {
        assertThat(file.keySet()).allMatch(key -> TOP_LEVEL.contains(key) || key.startsWith("x-"));
        services.keySet().forEach(name -> {
            assertThat(OF_A_SERVICE).as(name).containsAll(service(name).keySet());
            assertThat(OF_A_HEALTH_CHECK)
                    .as(name)
                    .containsAll(Yaml.map(service(name).get("healthcheck")).keySet());
            for (Object volume : Yaml.list(service(name).get("volumes"))) {
                if (volume instanceof Map) {
                    assertThat(OF_A_VOLUME)
                            .as(name)
                            .containsAll(Yaml.map(volume).keySet());
                }
            }
        });
    }

    @Test
    void theServiceOnCpusIsTheOnlyOneWithoutAProfile() {
        assertThat(services.keySet().stream()
                        .filter(name -> service(name).get("profiles") == null)
                        .toList())
                .containsExactly("captioner");
        assertThat(Yaml.map(service("captioner").get("build")).get("target")).isEqualTo("cpu");
        assertThat(profiles()).containsExactly("gpu", "monitoring", "training");
    }

    @Test
    void everyContainerIsHardened() {
        services.keySet().forEach(name -> {
            assertThat(service(name).get("read_only")).as(name).isEqualTo(true);
            assertThat(Yaml.words(service(name).get("cap_drop"))).as(name).containsExactly("ALL");
            assertThat(Yaml.words(service(name).get("security_opt")))
                    .as(name)
                    .containsExactly("no-new-privileges:true");
        });
    }

    @Test
    void nothingListensBeyondThisMachineUnlessAsked() {
        services.keySet()
                .forEach(name -> assertThat(Yaml.words(service(name).get("ports")))
                        .as(name)
                        .allMatch(port -> withDefaults(port).startsWith("127.0.0.1:")));
    }

    @Test
    void whatIsBuiltIsATargetOfTheDockerfile() {
        for (String name : List.of("captioner", "captioner-gpu", "training")) {
            String target = String.valueOf(Yaml.map(service(name).get("build")).get("target"));
            assertThat(dockerfile.stages()).containsKey(target);
            assertThat(service(name).get("image")).isEqualTo("captioner:" + target);
        }
    }

    @Test
    void whatIsPulledIsPinned() {
        for (String name : List.of("prometheus", "grafana")) {
            assertThat(String.valueOf(service(name).get("image"))).matches("[\\w/]+:v?\\d+\\.\\d+\\.\\d+");
        }
    }

    @Test
    void aGpuIsReservedAndThereIsNoGoingWithout() {
        Map<String, ?> gpu = service("captioner-gpu");
        assertThat(String.valueOf(gpu.get("deploy"))).contains("driver=nvidia", "capabilities=[gpu]", "count=all");
        assertThat(Yaml.map(gpu.get("environment")).get("CAPTIONER_DEVICE")).isEqualTo("gpu");
    }

    @Test
    void everyVariableOfTheProgramSetsAProperty() throws IOException {
        Set<String> known = variables();
        for (String name : List.of("captioner", "captioner-gpu", "training")) {
            assertThat(Yaml.map(service(name).get("environment")).keySet())
                    .as(name)
                    .allMatch(variable -> known.contains(variable)
                            || known.stream().anyMatch(property -> variable.startsWith(property + "_")));
        }
    }

    @Test
    void everyVariableOfTheUserIsExplained() throws IOException {
        String text = Files.readString(Path.of("docker-compose.yml"));
        Matcher variable = VARIABLE.matcher(text);
        while (variable.find()) {
            assertThat(text).contains("\n#   %s ".formatted(variable.group(1)));
        }
    }

    @Test
    void theServicePublishesThePortThatItListensOn() {
        for (String name : List.of("captioner", "captioner-gpu")) {
            assertThat(Yaml.words(service(name).get("ports")))
                    .singleElement()
                    .asString()
                    .endsWith(":8080");
        }
        assertThat(dockerfile.values("cpu", "EXPOSE").get(0).split(" ")).contains("8080");
    }

    @Test
    void prometheusScrapesTheManagementPortOfWhateverAnswersToTheName() throws IOException {
        Map<String, ?> job = Yaml.maps(
                        Yaml.read(Path.of("k8s/monitoring/prometheus.yml")).get("scrape_configs"))
                .get(0);
        Map<String, ?> names = Yaml.maps(job.get("dns_sd_configs")).get(0);

        assertThat(job.get("metrics_path")).isEqualTo("/actuator/prometheus");
        assertThat(Yaml.words(names.get("names"))).containsExactly("captioner");
        assertThat(services).containsKey("captioner");
        assertThat(Yaml.map(Yaml.map(service("captioner-gpu").get("networks")).get("default"))
                        .get("aliases"))
                .isEqualTo(List.of("captioner"));
        String port = String.valueOf(names.get("port"));
        assertThat(port).isEqualTo(managementPort());
        assertThat(dockerfile.values("cpu", "EXPOSE").get(0).split(" ")).contains(port);
    }

    @Test
    void grafanaFindsPrometheusAndItsDashboard() throws IOException {
        Map<String, ?> source = Yaml.maps(Yaml.read(Path.of("k8s/monitoring/grafana/datasources/prometheus.yaml"))
                        .get("datasources"))
                .get(0);
        assertThat(source.get("type")).isEqualTo("prometheus");
        assertThat(source.get("url")).isEqualTo("http://prometheus:9090");
        assertThat(Yaml.words(service("prometheus").get("ports")))
                .singleElement()
                .asString()
                .endsWith(":9090");

        Map<String, ?> provider = Yaml.maps(Yaml.read(Path.of("k8s/monitoring/grafana/dashboards/captioner.yaml"))
                        .get("providers"))
                .get(0);
        String path = String.valueOf(Yaml.map(provider.get("options")).get("path"));
        assertThat(Yaml.words(service("grafana").get("volumes")))
                .contains("./k8s/monitoring/dashboards:" + path + ":ro")
                .contains("./k8s/monitoring/grafana/datasources:/etc/grafana/provisioning/datasources:ro")
                .contains("./k8s/monitoring/grafana/dashboards:/etc/grafana/provisioning/dashboards:ro");
        assertThat(Yaml.map(service("grafana").get("environment")).get("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"))
                .isEqualTo(path + "/captioner.json");
    }

    @Test
    void everyFileOfTheMonitoringThatIsMountedIsThere() throws IOException {
        assertThat(Yaml.words(
                        Yaml.read(Path.of("k8s/monitoring/prometheus.yml")).get("rule_files")))
                .containsExactly("/etc/prometheus/alerts.yaml");
        for (String name : List.of("prometheus", "grafana")) {
            for (String volume : Yaml.words(service(name).get("volumes"))) {
                String source = volume.split(":", 2)[0];
                if (source.startsWith(".")) {
                    assertThat(source).startsWith(MONITORING);
                    assertThat(Path.of(source)).exists();
                } else {
                    assertThat(Yaml.map(file.get("volumes"))).containsKey(source);
                }
            }
        }
    }

    private Map<String, ?> service(String name) {
        return Yaml.map(services.get(name));
    }

    private Set<String> profiles() {
        Set<String> profiles = new TreeSet<>();
        services.keySet()
                .forEach(name -> profiles.addAll(Yaml.words(service(name).get("profiles"))));
        return profiles;
    }

    private static String withDefaults(String text) {
        return VARIABLE.matcher(text).replaceAll("$2");
    }

    private static String managementPort() {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource("application.yaml"));
        Properties properties = requireNonNull(yaml.getObject());
        return properties.getOrDefault("management.server.port", "8081").toString();
    }

    /** Returns the environment variables that set a property of the program or of its libraries. */
    private static Set<String> variables() throws IOException {
        Set<String> variables = new TreeSet<>();
        String resource = "META-INF/spring-configuration-metadata.json";
        for (URL url : Collections.list(ComposeTests.class.getClassLoader().getResources(resource))) {
            try (InputStream in = url.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                    String name = property.path("name").asString();
                    variables.add(name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_'));
                }
            }
        }
        return variables;
    }
}
