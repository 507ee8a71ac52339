package io.captioner.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.captioner.CommandLineTool;
import io.captioner.CommandLineTool.Result;
import io.captioner.caption.Protocol;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart against the overlays: both say the same, and the overlays have the tests of what they say. */
class ChartTests {
    private static final String RELEASE = "captioner";
    private static final List<String> OVERLAYS = List.of("cpu", "gpu", "gpu-single", "kserve", "openshift");
    private static final String WITH_NAMESPACE = "--set=namespace.create=true";

    static Stream<String> overlays() {
        return OVERLAYS.stream();
    }

    static Stream<Arguments> overlaysWithComponents() {
        return Stream.of(
                Arguments.of("cpu", List.of("monitoring"), List.of("monitoring.enabled=true")),
                Arguments.of("cpu", List.of("components/horizontal-pod-autoscaler"), List.of("autoscaling.by=hpa")),
                Arguments.of("gpu", List.of("components/keda"), List.of("autoscaling.by=keda")),
                Arguments.of("cpu", List.of("components/ingress"), List.of("ingress.enabled=true")),
                Arguments.of("gpu", List.of("components/http-route"), List.of("httpRoute.enabled=true")),
                Arguments.of(
                        "cpu",
                        List.of("components/ingress", "components/context-path"),
                        List.of("ingress.enabled=true", "contextPath=/ai")),
                Arguments.of(
                        "openshift",
                        List.of("components/http-route", "components/context-path"),
                        List.of("httpRoute.enabled=true", "contextPath=/ai")),
                Arguments.of("cpu", List.of("components/models-claim"), List.of("models.from=claim")),
                Arguments.of("cpu", List.of("components/models-image"), List.of("models.from=image-volume")),
                Arguments.of(
                        "gpu-single",
                        List.of("components/models-init"),
                        List.of("models.from=init-container", "models.image=REGISTRY/captioner-models-copy:1")),
                Arguments.of("gpu", List.of("components/dra"), List.of("gpu.claim=true")),
                Arguments.of("gpu", List.of("components/openshift"), List.of("arbitraryUser=true")),
                Arguments.of("cpu", List.of("components/api-keys"), List.of("security.existingSecret=captioner-keys")),
                Arguments.of(
                        "gpu",
                        List.of(
                                "monitoring",
                                "components/horizontal-pod-autoscaler",
                                "components/ingress",
                                "components/models-claim",
                                "components/api-keys"),
                        List.of(
                                "monitoring.enabled=true",
                                "autoscaling.by=hpa",
                                "ingress.enabled=true",
                                "models.from=claim",
                                "security.existingSecret=captioner-keys")));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theChartRendersTheObjectsOfTheOverlay(String overlay) throws Exception {
        assertThat(normal(Helm.template(RELEASE, values(overlay, List.of()))))
                .isEqualTo(normal(Kubectl.build("overlays/" + overlay)));
    }

    @ParameterizedTest
    @MethodSource("overlaysWithComponents")
    void valuesAddWhatComponentsAdd(String overlay, List<String> components, List<String> settings) throws Exception {
        assertThat(normal(Helm.template(RELEASE, values(overlay, settings))))
                .isEqualTo(normal(Kubectl.compose("overlays/" + overlay, components)));
    }

    @Test
    void thereAreValuesForEveryOverlay() throws Exception {
        try (Stream<Path> overlays = Files.list(Manifest.ROOT.resolve("overlays"));
                Stream<Path> values = Files.list(Manifest.CHART.resolve("values"))) {
            assertThat(overlays.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(OVERLAYS);
            assertThat(values.map(path -> path.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(OVERLAYS);
        }
    }

    @Test
    void theDefaultsAreTheOverlayOfProcessors() throws Exception {
        assertThat(normal(Helm.template(RELEASE, List.of(WITH_NAMESPACE))))
                .isEqualTo(normal(Kubectl.build("overlays/cpu")));
    }

    @Test
    void helmInstallMakesTheNamespaceItselfAndTheChartLeavesItsOtherPodsAlone() throws Exception {
        assertThat(Helm.template(RELEASE, List.of()))
                .noneMatch(object -> object.kind().equals("Namespace"))
                .extracting(ChartTests::name)
                .doesNotContain("default-deny");
    }

    @Test
    void objectsOfAnotherReleaseShareNeitherNamesNorPods() throws Exception {
        List<String> settings = List.of(
                "--set=monitoring.enabled=true",
                "--set=autoscaling.by=keda",
                "--set=httpRoute.enabled=true",
                "--set=ingress.enabled=true",
                "--set=models.from=claim",
                "--set=device=gpu",
                "--set=gpu.claim=true");
        Map<String, Object> first = normal(Helm.template(RELEASE, settings));
        List<Manifest> second = Helm.template("photos", settings);

        assertThat(normal(second).keySet()).doesNotContainAnyElementsOf(first.keySet());
        assertThat(second).extracting(ChartTests::name).allMatch(name -> name.startsWith("captioner-photos"));
        String text = second.stream()
                .filter(object -> !object.kind().matches("ConfigMap|PrometheusRule"))
                .map(object -> object.content().toString())
                .reduce("", String::concat);
        assertThat(text)
                .contains("app.kubernetes.io/name=captioner-photos")
                .doesNotContain("kubernetes.io/name=captioner,");
        assertThat(text).contains("pod=~\"captioner-photos-.*\"");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyRenderedObjectHasTheFormOfItsModelAndNoRights(String overlay) throws Exception {
        List<Manifest> objects = Helm.templateWithTests(RELEASE, values(overlay, List.of("contextPath=/ai")));

        assertThat(objects).extracting(Manifest::kind).contains("Pod");
        for (Manifest object : objects) {
            assertThat(StrictModels.read(object)).isNotNull();
            Pods.of(object).ifPresent(pod -> assertThat(PodSecurity.faults(pod)).isEmpty());
        }
    }

    @Test
    void helmTestSendsAPhotoBelowTheContextPathAndExpectsTheKeyToBeMissing() throws Exception {
        String open = script(List.of("--set=contextPath=/ai"));
        String withKeys = script(List.of("--set=security.existingSecret=keys"));

        assertThat(open)
                .contains("GET /ai/readyz HTTP/1.1", "POST /ai/captions HTTP/1.1", "CAPTIONER_SERVICE_HOST")
                .doesNotContain("401");
        assertThat(withKeys).contains("GET /readyz HTTP/1.1", "test \"$status\" = 401");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void theLinterFindsNothing(String overlay) throws Exception {
        Result result = Helm.lint(List.of("--values", Manifest.CHART + "/values/" + overlay + ".yaml"));

        assertThat(result.status()).as(result.output() + result.errors()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "device=tpu",
                "replica=3",
                "replicas=-1",
                "replicas=two",
                "image.digest=sha256:abc",
                "image.repo=captioner",
                "updateStrategy=OnDelete",
                "models.from=bucket",
                "models.claim.size=ten",
                "contextPath=ai",
                "contextPath=/ai/",
                "autoscaling.by=cpu",
                "autoscaling.minReplicas=0",
                "autoscaling.queueSeconds=0",
                "protocols={grpc}",
                "resources.limits.memory=2Gi",
                "resources.requests.cpu=1",
                "security.existingSecret=My Secret",
                "gpu.claim=true",
                "kserve.enabled=true,ingress.enabled=true",
                "kserve.enabled=true,autoscaling.by=hpa",
                "env[0].value=1"
            })
    void aValueThatCannotBeMeantIsRefusedByTheSchema(String setting) throws Exception {
        Result result = Helm.tryTemplate(List.of("--set", setting));

        assertThat(result.status()).as(setting).isNotZero();
        assertThat(result.errors()).contains("values don't meet the specifications of the schema");
    }

    @Test
    void everyProtocolOfTheProgramIsAValueOfTheChart() throws Exception {
        String others = Stream.of(Protocol.values())
                .filter(protocol -> protocol != Protocol.CAPTIONER)
                .map(protocol -> protocol.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));

        Result result = Helm.tryTemplate(List.of("--set", "protocols={" + others + "}"));

        assertThat(result.status()).as(result.errors()).isZero();
    }

    @Test
    void whatAnOperatorSetsReachesTheProgram() throws Exception {
        PodSpec pod = pod(Helm.template(
                RELEASE,
                List.of(
                        "--set=protocols={ollama,openai}",
                        "--set=image.repository=registry.example.com/captioner",
                        "--set=image.digest=sha256:" + "0".repeat(64),
                        "--set=image.pullSecrets={registry}",
                        "--set=env[0].name=CAPTIONER_BATCHING_MAXBATCHSIZE",
                        "--set-string=env[0].value=8",
                        "--set=resources.limits.cpu=500m",
                        "--set=resources.limits.memory=1536Mi")));

        assertThat(Pods.environment(Pods.program(pod)))
                .containsEntry("CAPTIONER_COMPAT_ENABLED", "ollama,openai")
                .containsEntry("CAPTIONER_BATCHING_MAXBATCHSIZE", "8");
        assertThat(Pods.program(pod).getImage()).isEqualTo("registry.example.com/captioner@sha256:" + "0".repeat(64));
        assertThat(pod.getImagePullSecrets())
                .extracting(reference -> reference.getName())
                .containsExactly("registry");
        assertThat(Pods.program(pod).getResources().getLimits().get("cpu")).hasToString("500m");
        assertThat(Pods.program(pod).getResources().getRequests()).isEmpty();
    }

    @Test
    void theVersionIsThatOfTheProgram() throws Exception {
        Map<String, Object> chart = Manifest.parse("Chart.yaml", Files.readString(Manifest.CHART.resolve("Chart.yaml")))
                .get(0)
                .content();
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(pom)
                .contains(
                        "<artifactId>captioner</artifactId>\n  <version>%s</version>".formatted(chart.get("version")));
        assertThat(chart.get("appVersion")).isEqualTo(chart.get("version"));
    }

    /**
     * Reads every object against the schemas of a version of Kubernetes. They are on the network, or in the folder that
     * {@code KUBECONFORM_SCHEMAS} names.
     */
    @Test
    void kubeconformFindsEveryObjectRight(@TempDir Path directory) throws Exception {
        String schemas = System.getenv("KUBECONFORM_SCHEMAS");
        assumeTrue(schemas != null, "skipped: KUBECONFORM_SCHEMAS does not name where kubeconform finds schemas");
        CommandLineTool kubeconform = CommandLineTool.onPath("kubeconform");
        List<String> arguments = new ArrayList<>(List.of("-strict", "-summary", "-kubernetes-version", "1.34.0"));
        for (String location : requireNonNull(schemas).split(" ")) {
            arguments.addAll(List.of("-schema-location", location));
        }
        // No schemas of these are published with Kubernetes; StrictModels reads them.
        arguments.addAll(List.of("-skip", "HTTPRoute,InferenceService,PrometheusRule,ScaledObject,ServiceMonitor"));
        CommandLineTool helm = CommandLineTool.onPath("helm");
        for (String overlay : OVERLAYS) {
            List<String> template = new ArrayList<>(List.of("template", RELEASE, Manifest.CHART.toString()));
            template.addAll(values(overlay, List.of("monitoring.enabled=true")));
            Path file = directory.resolve(overlay + ".yaml");
            Files.writeString(file, helm.output(template.toArray(String[]::new)));
            arguments.add(file.toString());
        }

        Result result = kubeconform.run(arguments.toArray(String[]::new));

        assertThat(result.status()).as(result.output() + result.errors()).isZero();
    }

    private static List<String> values(String overlay, List<String> settings) {
        List<String> arguments =
                new ArrayList<>(List.of("--values", Manifest.CHART + "/values/" + overlay + ".yaml", WITH_NAMESPACE));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return arguments;
    }

    private static String script(List<String> arguments) throws Exception {
        PodSpec pod = pod(Helm.templateWithTests(RELEASE, arguments).stream()
                .filter(object -> object.kind().equals("Pod"))
                .toList());
        return String.join("\n", Pods.program(pod).getCommand());
    }

    private static PodSpec pod(List<Manifest> objects) {
        return objects.stream()
                .flatMap(object -> Pods.of(object).stream())
                .findFirst()
                .orElseThrow();
    }

    private static String name(Manifest object) {
        return String.valueOf(
                Manifest.map(requireNonNull(object.content().get("metadata"))).get("name"));
    }

    /** Returns the objects by kind and name; what has a name within a list, such as a variable, is ordered by it. */
    private static Map<String, Object> normal(List<Manifest> objects) {
        Map<String, Object> normal = new TreeMap<>();
        for (Manifest object : objects) {
            Object before = normal.put(object.kind() + " " + name(object), normal(object.content()));
            assertThat(before).as("a second %s %s", object.kind(), name(object)).isNull();
        }
        return normal;
    }

    private static Object normal(Object value) {
        if (value instanceof Map<?, ?>) {
            Map<String, Object> copy = new TreeMap<>();
            Manifest.map(value).forEach((key, inner) -> copy.put(key, normal(inner)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(inner -> copy.add(normal(requireNonNull(inner))));
            if (copy.stream().allMatch(inner -> inner instanceof Map<?, ?> map && map.containsKey("name"))) {
                copy.sort(Comparator.comparing(
                        inner -> String.valueOf(Manifest.map(inner).get("name"))));
            }
            return copy;
        }
        return value;
    }
}
