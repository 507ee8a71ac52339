package io.captioner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.captioner.kubernetes.CustomResources.AdapterValues;
import io.captioner.kubernetes.CustomResources.Patch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictModelsTests {
    static Stream<Manifest> objects() {
        return Manifest.allWithInlinePatches().stream().filter(Manifest::isObject);
    }

    @ParameterizedTest
    @MethodSource("objects")
    void everyManifestHasTheFormOfItsModel(Manifest manifest) {
        assertThat(StrictModels.read(manifest)).isNotNull();
    }

    @Test
    void theAdaptersValuesHaveTheFormOfItsChart() {
        AdapterValues values = StrictModels.read(Manifest.of("prometheus-adapter/values.yaml"), AdapterValues.class);

        assertThat(values.rules().custom()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: apps/v1\nkind: Deployment\nspec: {replica: 2}",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{startUpProbe: {}}]}}}",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{resources: {limit: {}}}]}}}",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {securityContext: {runAsNonroot: true}}}}",
                "apiVersion: batch/v1\nkind: Job\nspec: {podFailurePolicy: {rules: [{onExitCode: {}}]}}",
                "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {parallel: 2}}}",
                "apiVersion: v1\nkind: Service\nspec: {ports: [{targetport: http}]}",
                "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nspec: {behaviour: {}}",
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {ingress: [{from: [{pods: {}}]}]}",
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {rules: [{http: {paths: [{type: Exact}]}}]}",
                "apiVersion: policy/v1\nkind: PodDisruptionBudget\nspec: {maxUnavailible: 1}",
                "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {rules: [{timeouts: {response: 9s}}]}",
                "apiVersion: resource.k8s.io/v1\nkind: ResourceClaimTemplate\nspec: {spec: {devices: {request: []}}}",
                "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nspec: {endpoints: [{ports: http}]}",
                "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec: {groups: [{rule: []}]}",
                "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nspec: {triggers: [{metric: {}}]}",
                "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nspec: {predictor: {minReplica: 1}}",
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresource: []"
            })
    void aFieldThatDoesNotExistIsRefused(String yaml) {
        Manifest manifest = Manifest.parse("test", yaml).get(0);

        assertThatThrownBy(() -> StrictModels.read(manifest))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unrecognized field");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: two}",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: \"2\"}",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{env: [{value: 8081}]}]}}}",
                "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {automountServiceAccountToken: \"no\"}}}",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {labels: {version: 2}}",
                "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nspec: {triggers: [{metadata: {threshold: 0.15}}]}"
            })
    void aValueOfAnotherTypeIsRefused(String yaml) {
        Manifest manifest = Manifest.parse("test", yaml).get(0);

        assertThatThrownBy(() -> StrictModels.read(manifest)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertThatThrownBy(() -> Manifest.parse("test", "kind: Service\nkind: Pod"))
                .hasMessageContaining("duplicate");
    }

    @Test
    void anObjectThatNobodyKnowsIsRefused() {
        Manifest manifest =
                Manifest.parse("test", "apiVersion: v1\nkind: Deployment").get(0);

        assertThatThrownBy(() -> StrictModels.read(manifest)).hasMessageContaining("no model of v1 Deployment");
    }

    @Test
    void theOperatorsRulesAreThoseOfPrometheusOwnFile() {
        assertThat(Manifest.ROOT.resolve("monitoring/alerts.yaml")).exists();
        Manifest rules = Manifest.of("monitoring/prometheus-rule.yaml");

        assertThat(Manifest.map(Objects.requireNonNull(rules.content().get("spec"))))
                .isEqualTo(Manifest.of("monitoring/alerts.yaml").content());
    }

    @Test
    void whatAKustomizationNamesIsThere() {
        for (Manifest manifest : Manifest.all()) {
            if (manifest.isKustomization()) {
                Path directory =
                        Objects.requireNonNull(Path.of(manifest.source()).getParent());
                CustomResources.Kustomization kustomization =
                        StrictModels.read(manifest, CustomResources.Kustomization.class);
                Stream.of(
                                listed(kustomization.resources()).stream(),
                                listed(kustomization.components()).stream(),
                                listed(kustomization.patches()).stream()
                                        .map(Patch::path)
                                        .filter(Objects::nonNull))
                        .flatMap(named -> named)
                        .forEach(named -> assertThat(Files.exists(directory.resolve(named)))
                                .as("%s of %s", named, manifest.source())
                                .isTrue());
            }
        }
    }

    private static <T> List<T> listed(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
