package io.captioner.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.CommandLineTool;
import io.captioner.deployment.Dockerfile.Instruction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTests {
    private static final Path FILE = Path.of("Dockerfile");

    private final Dockerfile dockerfile;

    DockerfileTests() throws IOException {
        dockerfile = Dockerfile.read(FILE);
    }

    @Test
    void theImageForCpusIsTheDefault() {
        assertThat(dockerfile.stages()).containsKeys("cpu", "gpu");
        assertThat(List.copyOf(dockerfile.stages().keySet())).last().isEqualTo("cpu");
    }

    @Test
    void everyBaseIsPinned() {
        assertThat(dockerfile.arguments())
                .containsOnlyKeys("JDK", "JRE", "CUDA")
                .allSatisfy((name, base) ->
                        assertThat(base).matches("[\\w/-]+:\\d+\\.\\d+\\.\\d+[\\w.-]*(@sha256:[0-9a-f]{64})?"));
        assertThat(dockerfile.stages().values())
                .extracting(stage -> stage.get(0).value())
                .allMatch(from -> from.matches("(\\$\\{(JDK|JRE|CUDA)}|source|[cg]pu-files) AS .*"));
    }

    @Test
    void theScriptWritesTheDigestsOfTheRegistryIntoTheOnlyPlaceThatNamesTheBases(@TempDir Path directory)
            throws Exception {
        Path copy = Files.copy(FILE, directory.resolve("Dockerfile"));
        assertThat(pin(directory, "1", "--check").status()).isEqualTo(1);
        assertThat(pin(directory, "1").status()).isZero();
        Map<String, String> first = Dockerfile.read(copy).arguments();
        assertThat(pin(directory, "1", "--check").status()).isZero();
        CommandLineTool.Result stale = pin(directory, "2", "--check");
        assertThat(pin(directory, "2").status()).isZero();

        assertThat(first)
                .hasSize(3)
                .allSatisfy((name, base) -> assertThat(base)
                        .isEqualTo(Objects.requireNonNull(dockerfile.arguments().get(name))
                                        .replaceAll("@.*", "") + "@sha256:" + "1".repeat(64)));
        assertThat(stale.status()).isEqualTo(1);
        assertThat(stale.errors()).contains("JRE: ", "run src/main/docker/pin-bases.sh");
        assertThat(Dockerfile.read(copy).arguments().values()).allMatch(base -> base.endsWith("2".repeat(64)));
        assertThat(Files.readString(directory.resolve("asked")))
                .contains("docker.io/library/eclipse-temurin:", "docker.io/nvidia/cuda:")
                .doesNotContain("@");
    }

    @Test
    void whereTheRegistryGivesNoDigestNothingIsWritten(@TempDir Path directory) throws Exception {
        Path copy = Files.copy(FILE, directory.resolve("Dockerfile"));

        CommandLineTool.Result result = pin(directory, "not found");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors()).contains("gave no digest");
        assertThat(copy).hasSameTextualContentAs(FILE);
    }

    /** Runs the script on a copy of the Dockerfile, against a registry in which each digest is one digit. */
    private static CommandLineTool.Result pin(Path directory, String digit, String... arguments) throws Exception {
        Path docker = directory.resolve("docker");
        Files.writeString(docker, """
                #!/usr/bin/env bash
                echo "${@: -1}" >>%s/asked
                printf '"sha256:'
                printf '%s%%.0s' {1..64}
                echo '"'
                """.formatted(directory, digit));
        assertThat(docker.toFile().setExecutable(true)).isTrue();
        List<String> command = new ArrayList<>(List.of("PATH=" + directory + ":" + System.getenv("PATH")));
        command.addAll(List.of("bash", "src/main/docker/pin-bases.sh"));
        command.addAll(List.of(arguments));
        command.add(directory.resolve("Dockerfile").toString());
        return CommandLineTool.onPath("env").run(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void itRunsAsAUserWithoutRights(String target) {
        List<Instruction> stage = Objects.requireNonNull(dockerfile.stages().get(target));
        assertThat(dockerfile.values(target, "USER")).containsExactly("10001:10001");
        int user = stage.indexOf(new Instruction("USER", "10001:10001"));
        assertThat(stage.subList(user, stage.size()))
                .extracting(Instruction::name)
                .doesNotContain("RUN", "COPY", "ADD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "gpu"})
    void javaStartsWithTheCacheThatTheBuildTrained(String target) {
        String training = dockerfile.values(target + "-trained", "RUN").get(0);
        String start = dockerfile.values(target, "ENTRYPOINT").get(0);

        Matcher trained =
                Pattern.compile("/train-cache\\.sh (\\S+) (\\S+) -jar (\\S+)$").matcher(training);
        assertThat(trained.find()).as(training).isTrue();
        assertThat(start)
                .contains("\"-XX:AOTCache=%s\"".formatted(trained.group(1)))
                .contains("\"%s\"".formatted(trained.group(2)))
                .endsWith("\"-jar\", \"%s\"]".formatted(trained.group(3)));
        assertThat(Path.of("src/main/docker/train-cache.sh")).isRegularFile();
    }

    @Test
    void javaUnderstandsTheOptionsOfTheImage() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@src/main/docker/java.options",
                        "-version")
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain("Unrecognized").doesNotContain("ignor");
        assertThat(dockerfile.values("cpu", "ENTRYPOINT").get(0)).contains("\"@/app/java.options\"");
        assertThat(dockerfile.values("cpu-files", "COPY")).contains("--chmod=644 src/main/docker/java.options ./");
    }

    @Test
    void bothImagesStartAndAnswerAlike() {
        for (String name : List.of("ENTRYPOINT", "EXPOSE", "STOPSIGNAL")) {
            assertThat(dockerfile.values("gpu", name)).isEqualTo(dockerfile.values("cpu", name));
        }
        assertThat(probe("gpu")).isEqualTo(probe("cpu")).contains("/dev/tcp/localhost/", "GET /readyz ");
        assertThat(dockerfile.values("cpu", "EXPOSE")).containsExactly("8080 8081");
    }

    @Test
    void onlyTheImageForGpusIsBuiltWithTheirLibraries() {
        assertThat(dockerfile.values("gpu-build", "RUN"))
                .singleElement()
                .asString()
                .endsWith("package.sh -P gpu");
        assertThat(dockerfile.values("cpu-build", "RUN"))
                .singleElement()
                .asString()
                .endsWith("package.sh");
        assertThat(copies("gpu")).noneMatch(copy -> copy.contains("cpu-"));
        assertThat(copies("cpu")).noneMatch(copy -> copy.contains("gpu-"));
    }

    @Test
    void nativeLibrariesAreLoadedFromWhereTheImageHasThemAndNotUnpackedAtRunTime() throws IOException {
        String options = Files.readString(Path.of("src/main/docker/java.options"));
        for (String target : List.of("cpu", "gpu")) {
            String folder = dockerfile.values(target + "-files", "ENV").stream()
                    .flatMap(variables -> Stream.of(variables.split("\\s+")))
                    .filter(variable -> variable.startsWith("TENSORFLOW_LIBRARY_PATH="))
                    .map(variable -> variable.substring(variable.indexOf('=') + 1))
                    .findFirst()
                    .orElseThrow();
            assertThat(copies(target)).anyMatch(copy -> copy.contains("/build/natives/") && copy.contains(folder));
            assertThat(options)
                    .contains("-Djna.boot.library.path=" + folder + "\n", "-Djna.library.path=" + folder + "\n");
        }
        assertThat(Files.readString(Path.of("src/main/docker/package.sh")))
                .contains("libjnitensorflow.so", "libleptonica.so.6", "libjnidispatch.so");
    }

    @Test
    void itDescribesItself() {
        for (String target : List.of("cpu", "gpu")) {
            assertThat(dockerfile.values(target + "-files", "LABEL"))
                    .singleElement()
                    .asString()
                    .contains("image.title=", "image.description=", "image.version=", "image.revision=")
                    .contains("image.base.name=");
        }
    }

    @Test
    void nothingIsFetchedButByMavenAndTheLibraryOfHeic() throws IOException {
        String instructions = String.join(
                "\n",
                dockerfile.stages().values().stream()
                        .flatMap(List::stream)
                        .map(Instruction::value)
                        .toList());
        assertThat(instructions).doesNotContain("curl", "wget", "http://", "https://");
        assertThat(instructions.lines().filter(line -> line.contains("apt-get install")))
                .isNotEmpty()
                .allMatch(line -> line.contains("libheif1 libheif-plugin-aomdec libheif-plugin-libde265"));
    }

    @Test
    void whatIsCopiedIsThereAndNotIgnored() throws IOException {
        List<String> kept = Files.readAllLines(Path.of(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        List<String> sources = dockerfile.values("source", "COPY").stream()
                .flatMap(copy -> {
                    String[] words = copy.split(" ");
                    return List.of(words).subList(0, words.length - 1).stream();
                })
                .toList();
        assertThat(sources).isNotEmpty().allSatisfy(source -> {
            assertThat(kept).contains(source);
            assertThat(Path.of(source)).exists();
        });
        assertThat(kept).contains("models");
    }

    private List<String> copies(String target) {
        return Stream.of("-files", "-trained", "")
                .flatMap(part -> dockerfile.values(target + part, "COPY").stream())
                .toList();
    }

    private String probe(String target) {
        String check = dockerfile.values(target, "HEALTHCHECK").get(0);
        return check.substring(check.indexOf("CMD"));
    }
}
