package io.captioner.kubernetes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kubectl on the path, of which only {@code kustomize} is used: it needs no cluster. */
final class Kubectl {
    private static final Path COMPOSED = Path.of("target", "kustomize");

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
        Optional<Path> kubectl = find();
        assumeTrue(kubectl.isPresent(), "there is no kubectl on the path");
        List<String> command = new ArrayList<>(List.of(kubectl.get().toString(), "kustomize", directory.toString()));
        Path errors = Files.createTempFile("kubectl", ".err");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(directory + ": " + Files.readString(errors));
            }
            return Manifest.parse("kubectl kustomize " + directory, yaml);
        } finally {
            Files.delete(errors);
        }
    }

    private static Optional<Path> find() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
