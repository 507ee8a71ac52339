package io.captioner.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One object of a manifest, as the plain maps and lists that its YAML holds.
 *
 * @param source the file it stands in, or what made it
 */
record Manifest(String source, Map<String, Object> content) {
    /** Where the manifests are, relative to the project. */
    static final Path ROOT = Path.of("k8s");

    /** The Helm chart, whose templates are YAML only when they are rendered. */
    static final Path CHART = ROOT.resolve("chart");

    /** What a strategic merge patch says beside fields, which no object has. */
    private static final String DIRECTIVE = "$patch";

    /** Returns the objects of all manifests: what cannot be applied by itself, such as patches, is among them. */
    static List<Manifest> all() {
        List<Manifest> all = new ArrayList<>();
        for (Path file : files()) {
            try {
                all.addAll(parse(file.toString(), Files.readString(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }

    /** Returns the objects of all manifests, and of the patches that stand in kustomizations. */
    static List<Manifest> allWithInlinePatches() {
        List<Manifest> all = new ArrayList<>();
        for (Manifest manifest : all()) {
            all.add(manifest);
            all.addAll(manifest.inlinePatches());
        }
        return all;
    }

    /** Returns the only object of a file below {@link #ROOT}. */
    static Manifest of(String file) {
        List<Manifest> objects =
                all().stream().filter(manifest -> manifest.isIn(file)).toList();
        if (objects.size() != 1) {
            throw new IllegalArgumentException("%s holds %d objects".formatted(file, objects.size()));
        }
        return objects.get(0);
    }

    /** Reads a stream of YAML documents; a key that stands twice is an error. */
    static List<Manifest> parse(String source, String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<Manifest> objects = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
            objects.add(new Manifest(source, map(document)));
        }
        return objects;
    }

    boolean isIn(String file) {
        return source.equals(ROOT.resolve(file).toString());
    }

    String apiVersion() {
        return String.valueOf(content.get("apiVersion"));
    }

    String kind() {
        return String.valueOf(content.get("kind"));
    }

    /** Whether it is an object with a kind, not a file of settings. */
    boolean isObject() {
        return content.containsKey("kind");
    }

    boolean isKustomization() {
        return apiVersion().startsWith("kustomize.config.k8s.io/");
    }

    /** Returns the object without the directives of a patch. */
    Map<String, Object> withoutDirectives() {
        return map(withoutDirectives(content));
    }

    private List<Manifest> inlinePatches() {
        List<Manifest> patches = new ArrayList<>();
        if (isKustomization() && content.get("patches") instanceof List<?> all) {
            for (Object one : all) {
                // A list of operations (JSON 6902) has no form of an object; KustomizeTests reads what it makes.
                if (map(one).get("patch") instanceof String patch && !patch.startsWith("- ")) {
                    patches.addAll(parse(source, patch));
                }
            }
        }
        return patches;
    }

    private static Object withoutDirectives(Object value) {
        if (value instanceof Map<?, ?>) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map(value).forEach((key, inner) -> {
                if (!key.equals(DIRECTIVE) && inner != null) {
                    copy.put(key, withoutDirectives(inner));
                }
            });
            return copy;
        }
        return value instanceof List<?> list
                ? list.stream().<Object>map(Manifest::withoutDirectives).toList()
                : value;
    }

    private static List<Path> files() {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.startsWith(CHART))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // YAML mappings of manifests have string keys
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
