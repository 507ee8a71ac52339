package io.captioner.kubernetes;

import io.captioner.CommandLineTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The kubectl on the path, of which only {@code kustomize} is used: it needs no cluster. */
final class Kubectl {
    private static final Path COMPOSED = Path.of("target", "kustomize");

    /** What was built in this run of the tests: several tests read the same overlays. */
    private static final Map<Path, List<Manifest>> BUILT = new ConcurrentHashMap<>();

    private Kubectl() {}

    /** Returns what a directory below {@link Manifest#ROOT} builds; the test is skipped where there is no kubectl. */
    static List<Manifest> build(String directory) throws IOException, InterruptedException {
        return run(Manifest.ROOT.resolve(directory));
    }

    /** Returns what an overlay builds together with components, as a user's own kustomization would. */
    static List<Manifest> compose(String overlay, List<String> components) throws IOException, InterruptedException {
        Path directory = COMPOSED.resolve((overlay + "+" + String.join("+", components)).replace('/', '-'));
        Files.createDirectories(directory);
        Path root = directory.toAbsolutePath().relativize(Manifest.ROOT.toAbsolutePath());
        StringBuilder yaml = new StringBuilder("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");
        yaml.append("resources:\n  - ").append(root.resolve(overlay)).append("\ncomponents:\n");
        components.forEach(
                component -> yaml.append("  - ").append(root.resolve(component)).append('\n'));
        Files.writeString(directory.resolve("kustomization.yaml"), yaml);
        return run(directory);
    }

    private static List<Manifest> run(Path directory) throws IOException, InterruptedException {
        List<Manifest> known = BUILT.get(directory);
        if (known == null) {
            String yaml = CommandLineTool.onPath("kubectl").output("kustomize", directory.toString());
            known = Manifest.parse("kubectl kustomize " + directory, yaml);
            BUILT.put(directory, known);
        }
        return known;
    }
}
