package io.captioner.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceSubRequest;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimTemplate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KustomizeTests {
    private static final String PROGRAM = "captioner";
    private static final String GPU = "nvidia.com/gpu";

    /** Every component with every overlay, in as few builds as those allow that exclude each other. */
    static Stream<Arguments> overlaysWithComponents() {
        return Stream.of("overlays/cpu", "overlays/gpu", "overlays/gpu-single", "overlays/openshift")
                .flatMap(overlay -> Stream.of(
                                List.of(
                                        "components/api-keys",
                                        "components/horizontal-pod-autoscaler",
                                        "components/ingress",
                                        "components/context-path",
                                        "components/models-claim"),
                                List.of(
                                        "components/http-route",
                                        "components/keda",
                                        "components/models-image",
                                        "components/openshift"),
                                List.of("components/models-init"))
                        .map(components -> Arguments.of(overlay, components)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "namespace",
                "overlays/cpu",
                "overlays/gpu",
                "overlays/gpu-single",
                "overlays/kserve",
                "overlays/openshift",
                "training",
                "training-gpu",
                "retraining",
                "bulk",
                "claims/bulk",
                "claims/models",
                "claims/training"
            })
    void everyOverlayAndJobBuildsObjectsOfTheNamespace(String directory) throws Exception {
        requireSound(Kubectl.build(directory));
    }

    @ParameterizedTest
    @MethodSource("overlaysWithComponents")
    void everyComponentFitsEveryOverlay(String overlay, List<String> components) throws Exception {
        requireSound(Kubectl.compose(overlay, components));
    }

    @Test
    void monitoringFitsAnOverlay() throws Exception {
        assertThat(Manifest.ROOT.resolve("monitoring/dashboards/captioner.json"))
                .exists();
        List<Manifest> objects = Kubectl.compose("overlays/cpu", List.of("monitoring"));
        requireSound(objects);

        assertThat(objects).extracting(Manifest::kind).contains("ServiceMonitor", "PrometheusRule", "ConfigMap");
    }

    @Test
    void aRollingUpdateHasANewPodReadyBeforeAnOldOneGoes() throws Exception {
        for (String overlay : List.of("overlays/cpu", "overlays/gpu")) {
            Deployment deployment = only(Deployment.class, Kubectl.build(overlay));

            assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
            assertThat(deployment
                            .getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isZero();
            assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
        }
    }

    @Test
    void onASingleGpuTheOldPodGoesFirst() throws Exception {
        Deployment deployment = only(Deployment.class, Kubectl.build("overlays/gpu-single"));

        assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(deployment.getSpec().getStrategy().getRollingUpdate()).isNull();
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
    }

    @Test
    void aPodOnAGpuAsksForOneAndRefusesToGoWithout() throws Exception {
        for (String overlay : List.of("overlays/gpu", "overlays/gpu-single")) {
            PodSpec pod = pod(Kubectl.build(overlay));

            assertThat(Pods.program(pod).getResources().getLimits().get(GPU))
                    .extracting(Quantity::getAmount)
                    .isEqualTo("1");
            assertThat(pod.getTolerations()).anyMatch(toleration -> GPU.equals(toleration.getKey()));
            assertThat(pod.getNodeSelector()).containsKey("nvidia.com/gpu.present");
            assertThat(Pods.environment(Pods.program(pod))).containsEntry("CAPTIONER_DEVICE", "gpu");
            assertThat(Pods.program(pod).getImage()).isEqualTo("captioner:gpu");
        }
    }

    @Test
    void aClaimForAGpuStandsInPlaceOfTheDevicePluginsResource() throws Exception {
        List<Manifest> objects = Kubectl.compose("overlays/gpu", List.of("components/dra"));
        requireSound(objects);
        PodSpec pod = pod(objects);
        ResourceClaimTemplate template = only(ResourceClaimTemplate.class, objects);

        assertThat(Pods.program(pod).getResources().getLimits()).doesNotContainKey(GPU);
        assertThat(Pods.program(pod).getResources().getClaims())
                .extracting(ResourceClaim::getName)
                .containsExactly(pod.getResourceClaims().get(0).getName());
        assertThat(pod.getResourceClaims().get(0).getResourceClaimTemplateName())
                .isEqualTo(template.getMetadata().getName());
        assertThat(template.getSpec()
                        .getSpec()
                        .getDevices()
                        .getRequests()
                        .get(0)
                        .getFirstAvailable())
                .extracting(DeviceSubRequest::getName)
                .containsExactly("h200", "h100", "a100", "l4");
    }

    @Test
    void whereTheClusterChoosesTheUserThePodNamesNone() throws Exception {
        for (List<Manifest> objects : List.of(
                Kubectl.build("overlays/openshift"),
                Kubectl.compose("overlays/gpu", List.of("components/openshift")))) {
            PodSpec pod = pod(objects);

            assertThat(pod.getSecurityContext().getRunAsUser()).isNull();
            assertThat(pod.getSecurityContext().getRunAsGroup()).isNull();
            assertThat(pod.getSecurityContext().getFsGroup()).isNull();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(Pods.environment(Pods.program(pod))).containsEntry("HOME", "/tmp");
        }
    }

    @Test
    void elsewhereThePodRunsAsTheUserOfTheImage() throws Exception {
        for (String overlay : List.of("overlays/cpu", "overlays/gpu", "overlays/kserve")) {
            assertThat(pod(Kubectl.build(overlay)).getSecurityContext().getRunAsUser())
                    .isEqualTo(10001);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"components/ingress", "components/http-route"})
    void belowAContextPathRoutesAndProbesHaveIt(String route) throws Exception {
        List<Manifest> objects = Kubectl.compose("overlays/cpu", List.of(route, "components/context-path"));
        requireSound(objects);

        assertThat(paths(objects)).containsExactly("/ai/captions", "/ai/models");
        Container program = Pods.program(pod(objects));
        assertThat(Pods.environment(program)).containsEntry("SERVER_SERVLET_CONTEXTPATH", "/ai");
        assertThat(List.of(program.getStartupProbe(), program.getReadinessProbe(), program.getLivenessProbe()))
                .extracting(probe -> probe.getHttpGet().getPath())
                .containsExactly("/ai/livez", "/ai/readyz", "/ai/livez");
    }

    private static List<String> paths(List<Manifest> objects) {
        return Stream.concat(
                        of(Ingress.class, objects).stream()
                                .flatMap(ingress -> ingress.getSpec().getRules().get(0).getHttp().getPaths().stream())
                                .map(path -> path.getPath()),
                        of(HTTPRoute.class, objects).stream()
                                .flatMap(route -> route.getSpec().getRules().get(0).getMatches().stream())
                                .map(match -> match.getPath().getValue()))
                .toList();
    }

    @Test
    void aPodOnProcessorsTellsTensorFlowHowManyItHas() throws Exception {
        for (String directory :
                List.of("overlays/cpu", "overlays/openshift", "overlays/kserve", "training", "retraining", "bulk")) {
            PodSpec pod = pod(Kubectl.build(directory));

            assertThat(Pods.program(pod).getEnv())
                    .filteredOn(variable -> variable.getName().startsWith("TF_NUM_"))
                    .hasSize(2);
            assertThat(Pods.program(pod).getResources().getLimits()).containsKey("cpu");
            assertThat(Pods.program(pod).getImage()).isEqualTo("captioner:cpu");
        }
    }

    @Test
    void whereAnAutoscalerOwnsTheReplicasTheDeploymentNamesNone() throws Exception {
        for (String component : List.of("components/horizontal-pod-autoscaler", "components/keda")) {
            List<Manifest> objects = Kubectl.compose("overlays/cpu", List.of(component));

            assertThat(only(Deployment.class, objects).getSpec().getReplicas()).isNull();
        }
    }

    @Test
    void whatSelectsPodsSelectsThoseOfTheDeployment() throws Exception {
        List<Manifest> objects =
                Kubectl.compose("overlays/cpu", List.of("components/ingress", "components/horizontal-pod-autoscaler"));
        Deployment deployment = only(Deployment.class, objects);
        Map<String, String> labels =
                deployment.getSpec().getTemplate().getMetadata().getLabels();

        assertThat(labels)
                .containsAllEntriesOf(only(Service.class, objects).getSpec().getSelector());
        assertThat(labels)
                .containsAllEntriesOf(only(PodDisruptionBudget.class, objects)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getTopologySpreadConstraints()
                .forEach(spread -> assertThat(labels)
                        .containsAllEntriesOf(spread.getLabelSelector().getMatchLabels()));
        of(NetworkPolicy.class, objects)
                .forEach(policy -> assertThat(labels)
                        .containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels()));
        assertThat(only(HorizontalPodAutoscaler.class, objects)
                        .getSpec()
                        .getScaleTargetRef()
                        .getName())
                .isEqualTo(deployment.getMetadata().getName());
    }

    @Test
    void modelsAreMountedWhereTheProgramLooksForThemAndReadOnly() throws Exception {
        for (String component :
                List.of("components/models-claim", "components/models-image", "components/models-init")) {
            PodSpec pod = pod(Kubectl.compose("overlays/cpu", List.of(component)));

            assertThat(Pods.program(pod).getVolumeMounts())
                    .filteredOn(mount -> mount.getMountPath().equals("/app/models"))
                    .singleElement()
                    .matches(VolumeMount::getReadOnly);
        }
    }

    private static void requireSound(List<Manifest> objects) {
        assertThat(objects).isNotEmpty();
        for (Manifest object : objects) {
            Object read = StrictModels.read(object);
            if (!(read instanceof Namespace)) {
                assertThat(Manifest.map(requireNonNull(object.content().get("metadata"))))
                        .as("%s of %s", object.kind(), object.source())
                        .containsEntry("namespace", PROGRAM);
            }
            Pods.of(object).ifPresent(KustomizeTests::requireSound);
        }
    }

    private static void requireSound(PodSpec pod) {
        assertThat(PodSecurity.faults(pod)).isEmpty();
        List<String> volumes = pod.getVolumes().stream().map(Volume::getName).toList();
        Pods.containers(pod).forEach(container -> {
            assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .isSubsetOf(volumes);
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        });
        assertThat(Pods.program(pod).getVolumeMounts())
                .as("a place to write to: the root is read-only")
                .anyMatch(mount -> mount.getMountPath().equals("/tmp"));
    }

    private static PodSpec pod(List<Manifest> objects) {
        return objects.stream()
                .flatMap(object -> Pods.of(object).stream())
                .findFirst()
                .orElseThrow();
    }

    private static <T> T only(Class<T> type, List<Manifest> objects) {
        List<T> all = of(type, objects);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static <T> List<T> of(Class<T> type, List<Manifest> objects) {
        return objects.stream()
                .map(StrictModels::read)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
