package io.captioner.deployment;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads YAML strictly: a key that stands twice is an error. */
final class Yaml {
    private Yaml() {}

    static Map<String, ?> read(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(file)) {
            return map(new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).<@Nullable Object>load(reader));
        }
    }

    /** Returns a value that must be a map, empty if there is none. */
    static Map<String, ?> map(@Nullable Object value) {
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("not a map: " + value);
        }
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, member) -> copy.put(String.valueOf(key), member));
        return copy;
    }

    /** Returns a value that must be a list, empty if there is none. */
    static List<?> list(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new IllegalArgumentException("not a list: " + value);
        }
        return list;
    }

    /** Returns a value that must be a list of maps, empty if there is none. */
    static List<Map<String, ?>> maps(@Nullable Object value) {
        return list(value).stream().<Map<String, ?>>map(Yaml::map).toList();
    }

    /** Returns a value that must be a list of words, empty if there is none. */
    static List<String> words(@Nullable Object value) {
        return list(value).stream().map(String::valueOf).toList();
    }
}
