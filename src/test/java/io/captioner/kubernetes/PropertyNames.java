package io.captioner.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.util.ClassUtils;
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

    /**
     * Returns the type of a property, if there is one of that name. A record that stands in another file than its owner
     * is described as a whole: then its component is looked for.
     */
    Optional<String> type(String name) {
        String type = types.get(name);
        if (type != null) {
            return Optional.of(type);
        }
        int dot = name.lastIndexOf('.');
        return dot < 0
                ? Optional.empty()
                : type(name.substring(0, dot)).flatMap(owner -> component(owner, name.substring(dot + 1)));
    }

    private static Optional<String> component(String owner, String name) {
        if (!ClassUtils.isPresent(owner, null)) {
            return Optional.empty();
        }
        Class<?> type = ClassUtils.resolveClassName(owner, null);
        return !type.isRecord()
                ? Optional.empty()
                : Arrays.stream(type.getRecordComponents())
                        .filter(component -> DataObjectPropertyName.toDashedForm(component.getName())
                                .equals(name))
                        .map(component -> component.getType().getName())
                        .findFirst();
    }

    /** Returns the name of the property that an environment variable sets. */
    Optional<String> ofVariable(String variable) {
        return Optional.ofNullable(byVariable.get(variable));
    }

    boolean anyBelow(String prefix) {
        return types.keySet().stream().anyMatch(name -> name.startsWith(prefix + "."));
    }
}
