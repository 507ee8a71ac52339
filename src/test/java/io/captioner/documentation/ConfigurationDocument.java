package io.captioner.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The text of docs/configuration.md, made of what the compiler has read from the records' Javadoc. */
final class ConfigurationDocument {
    /** The program's own metadata; a library has its own in its jar. */
    private static final Path OWN = Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");

    private static final String LIBRARIES = "META-INF/spring-configuration-metadata.json";
    private static final int WIDTH = 120;
    private static final Pattern CODE = Pattern.compile("\\{@(?:code|link) ([^}]*)}|<code>(.*?)</code>");
    private static final Pattern CONSTANT = Pattern.compile("\\{@value #(\\w+)}");

    /** Settings of Spring that the service sets, or that an operator often needs. */
    private static final Map<String, String> OF_SPRING = ofSpring();

    private final List<JsonNode> own = properties(JsonMapper.shared().readTree(OWN));
    private final Map<String, String> ofLibraries = new TreeMap<>();
    private final List<PropertySource<?>> yaml =
            new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml"));

    ConfigurationDocument() throws IOException {
        for (URL url :
                Collections.list(ConfigurationDocument.class.getClassLoader().getResources(LIBRARIES))) {
            try (InputStream in = url.openStream()) {
                for (JsonNode property : properties(JsonMapper.shared().readTree(in))) {
                    ofLibraries.putIfAbsent(property.path("name").asString(), text(property.path("defaultValue")));
                }
            }
        }
    }

    private static Map<String, String> ofSpring() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.port", "Port of the requests.");
        settings.put("server.address", "Address that the service listens on. Unset: all addresses of the machine.");
        settings.put(
                "server.tomcat.threads.max",
                "Most requests in progress, waiting and uploading ones included. Keep it above"
                        + " `captioner.batching.queue-capacity`.");
        settings.put(
                "server.tomcat.connection-timeout", "Time for all headers of a request, and for one read of a body.");
        settings.put("server.tomcat.keep-alive-timeout", "Time that an idle connection is kept open.");
        settings.put("server.shutdown", "`graceful`: accepted requests are finished after SIGTERM.");
        settings.put("spring.lifecycle.timeout-per-shutdown-phase", "Time to finish accepted requests after SIGTERM.");
        settings.put(
                "management.server.port",
                "Port of health and meters. It asks for no key: only operators may reach it.");
        settings.put("management.server.address", "Address that the management port listens on. Unset: all addresses.");
        settings.put(
                "management.endpoints.web.exposure.include",
                "Endpoints of the management port. `models` adds the command to scan for new versions; `info`, `metrics` and"
                        + " `sbom` are available too.");
        settings.put(
                "management.opentelemetry.tracing.export.otlp.endpoint",
                "Where traces are sent (OTLP over HTTP), such as `http://collector:4318/v1/traces`. Unset: no traces are sent.");
        settings.put(
                "management.tracing.sampling.probability",
                "Share of the requests that are traced, where the caller has not decided.");
        settings.put("logging.structured.format.console", "`ecs`, `logstash` or `gelf`: the log as JSON. Unset: text.");
        settings.put("logging.level.captioner.access", "`off`: no access log. Unset: one line for each request.");
        return settings;
    }

    private static List<JsonNode> properties(JsonNode metadata) {
        return StreamSupport.stream(metadata.path("properties").spliterator(), false)
                .toList();
    }

    /** Returns the names of those settings of Spring in the document that nothing on the class path describes. */
    List<String> unknownToSpring() {
        return OF_SPRING.keySet().stream()
                .filter(name -> !ofLibraries.containsKey(name) && !name.startsWith("logging.level."))
                .toList();
    }

    /** Returns the document, with lines of at most 120 characters. */
    String text() {
        Map<String, List<JsonNode>> service = new TreeMap<>();
        Map<String, List<JsonNode>> jobs = new TreeMap<>();
        for (JsonNode property : own) {
            String name = property.path("name").asString();
            if (name.startsWith("captioner.")) {
                boolean ofJob = property.path("sourceType").asString().matches("io\\.captioner\\.(training|bulk)\\..*");
                (ofJob ? jobs : service)
                        .computeIfAbsent(name.substring(0, name.lastIndexOf('.')), group -> new ArrayList<>())
                        .add(property);
            }
        }
        StringBuilder text = new StringBuilder("""
                # Configuration

                <!-- Generated from the Javadoc of the properties records. Do not edit. To regenerate:
                     ./mvnw test -Dtest=ConfigurationDocumentTests -Dcaptioner.docs.write=true -->

                Every setting is a Spring Boot property. Give it on the command line
                (`--captioner.batching.max-batch-size=32`), in the environment (`CAPTIONER_BATCHING_MAXBATCHSIZE=32`: upper case,
                dots become underscores, dashes are left out) or in an `application.yaml` in the working directory. Durations are
                written `500ms`, `10s` or `1h`, sizes `20MB`, lists with commas. A value that is out of its range stops the start,
                with a message that says the range.

                ## The service
                """);
        service.forEach((name, properties) -> section(text, name, properties));
        text.append("""

                ## Spring Boot

                Settings of Spring Boot that the service relies on, or that an operator often needs. The defaults are those of the
                service. All others are in
                [Spring Boot's own list](https://docs.spring.io/spring-boot/appendix/application-properties/).

                """);
        OF_SPRING.forEach((name, description) -> item(text, name, fromSpring(name), "", description));
        text.append("""

                ## The jobs

                Settings of the profile `training`, also called `jobs` (`--spring.profiles.active=jobs`):
                [training](training.md), [evaluation](evaluation.md) and [bulk captioning](bulk.md).
                """);
        jobs.forEach((name, properties) -> section(text, name, properties));
        return text.toString();
    }

    private String fromSpring(String name) {
        return yaml.stream()
                .map(source -> source.getProperty(name))
                .filter(value -> value != null)
                .map(String::valueOf)
                .findFirst()
                .orElseGet(() -> ofLibraries.getOrDefault(name, ""));
    }

    private static void section(StringBuilder text, String group, List<JsonNode> properties) {
        text.append("\n### ").append(group).append("\n\n");
        for (JsonNode property : properties) {
            item(
                    text,
                    property.path("name").asString(),
                    text(property.path("defaultValue")),
                    type(property.path("type").asString()),
                    description(property));
        }
    }

    private static void item(StringBuilder text, String name, String value, String type, String description) {
        String begin = "- **`" + name + "`**" + (type.isEmpty() ? "" : ", " + type)
                + (value.isEmpty() ? "" : ", default `" + value + "`");
        text.append(wrap(begin)).append('\n');
        if (!description.isEmpty()) {
            text.append("  ").append(wrap(description)).append('\n');
        }
    }

    /** Returns words in lines of the document's width; further lines are indented as those of a list are. */
    private static String wrap(String words) {
        StringBuilder lines = new StringBuilder();
        int width = 2;
        for (String word : words.split(" ")) {
            if (width + word.length() + 1 > WIDTH) {
                lines.append("\n  ");
                width = 2;
            } else if (!lines.isEmpty()) {
                lines.append(' ');
                width++;
            }
            lines.append(word);
            width += word.length();
        }
        return lines.toString();
    }

    private static String text(JsonNode value) {
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false)
                        .map(JsonNode::asString)
                        .collect(Collectors.joining(","))
                : value.asString("");
    }

    /** Returns the values of an enumeration, else the name of the type without its packages. */
    private static String type(String type) {
        if (ClassUtils.isPresent(type, null)) {
            Object[] values = ClassUtils.resolveClassName(type, null).getEnumConstants();
            if (values != null) {
                return Arrays.stream(values)
                        .map(value ->
                                "`" + DataObjectPropertyName.toDashedForm(camelCase(((Enum<?>) value).name())) + "`")
                        .collect(Collectors.joining(", ", "one of ", ""));
            }
        }
        return type.replaceAll("[\\w.]+[.$]", "")
                .replace("<", " of ")
                .replace(">", "")
                .replace(",", " and ");
    }

    private static String camelCase(String constant) {
        return Pattern.compile("_(.)")
                .matcher(constant.toLowerCase(Locale.ROOT))
                .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    }

    /** Returns a description as a sentence of Markdown. */
    private static String description(JsonNode property) {
        String javadoc = property.path("description")
                .asString("")
                .replaceAll("\\s+", " ")
                .strip();
        if (javadoc.isEmpty()) {
            return "";
        }
        String constants = replace(CONSTANT, javadoc, match -> constant(property, match.group(1)));
        String markdown = replace(
                CODE, constants, match -> "`" + (match.group(1) == null ? match.group(2) : match.group(1)) + "`");
        String first = markdown.substring(0, 1).toUpperCase(Locale.ROOT) + markdown.substring(1);
        return first.endsWith(".") ? first : first + ".";
    }

    private static String replace(Pattern pattern, String text, Function<MatchResult, String> replacement) {
        return pattern.matcher(text).replaceAll(match -> Matcher.quoteReplacement(replacement.apply(match)));
    }

    private static String constant(JsonNode property, String name) {
        Class<?> type = ClassUtils.resolveClassName(property.path("sourceType").asString(), null);
        Field field = ReflectionUtils.findField(type, name);
        if (field == null) {
            throw new IllegalStateException("no constant " + name + " in " + type);
        }
        ReflectionUtils.makeAccessible(field);
        return String.valueOf(ReflectionUtils.getField(field, null));
    }
}
