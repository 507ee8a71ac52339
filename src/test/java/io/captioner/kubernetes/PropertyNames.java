package io.captioner.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties that the program and its libraries describe, by name, with their types. */
final class PropertyNames {
    private static final List<String> RESOURCES = List.of(
            "META-INF/spring-configuration-metadata.json", "META-INF/additional-spring-configuration-metadata.json");

    private final Map<String, String> types = new HashMap<>();
    private final Map<String, String> byVariable = new HashMap<>();

    /** Reads all descriptions on the class path. */
    PropertyNames() throws IOException {
        for (String resource : RESOURCES) {
            for (URL url : Collections.list(PropertyNames.class.getClassLoader().getResources(resource))) {
                try (InputStream in = url.openStream()) {
                    for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                        add(
                                property.path("name").asString(),
                                property.path("type").asString(""));
                    }
                }
            }
        }
    }

    private void add(String name, String type) {
        types.merge(name, type, (one, other) -> one.isEmpty() ? other : one);
        byVariable.put(name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_'), name);
    }

    /** Returns the type of a property, if there is one of that name. */
    Optional<String> type(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /** Returns the name of the property that an environment variable sets. */
    Optional<String> ofVariable(String variable) {
        return Optional.ofNullable(byVariable.get(variable));
    }

    boolean anyBelow(String prefix) {
        return types.keySet().stream().anyMatch(name -> name.startsWith(prefix + "."));
    }
}
