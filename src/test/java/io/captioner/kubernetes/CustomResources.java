package io.captioner.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those objects that no published Java model knows, with the fields that their definitions have and we may use: KEDA
 * 2.18, KServe 0.16, kustomize 5.5, the chart of prometheus-adapter 5.
 */
public final class CustomResources {
    private CustomResources() {}

    record ScaledObject(String apiVersion, String kind, ObjectMeta metadata, ScaledObjectSpec spec) {}

    record ScaledObjectSpec(
            ScaleTarget scaleTargetRef,
            @Nullable Integer pollingInterval,
            @Nullable Integer initialCooldownPeriod,
            @Nullable Integer cooldownPeriod,
            @Nullable Integer idleReplicaCount,
            @Nullable Integer minReplicaCount,
            @Nullable Integer maxReplicaCount,
            @Nullable Fallback fallback,
            @Nullable Advanced advanced,
            List<Trigger> triggers) {}

    record ScaleTarget(
            @Nullable String apiVersion,
            @Nullable String kind,
            String name,
            @Nullable String envSourceContainerName) {}

    record Fallback(
            int failureThreshold, int replicas, @Nullable String behavior) {}

    record Advanced(
            @Nullable Boolean restoreToOriginalReplicaCount,
            @Nullable AutoscalerConfig horizontalPodAutoscalerConfig) {}

    record AutoscalerConfig(@Nullable String name, @Nullable HorizontalPodAutoscalerBehavior behavior) {}

    record Trigger(
            String type,
            @Nullable String name,
            @Nullable String metricType,
            @Nullable Boolean useCachedMetrics,
            Map<String, String> metadata) {}

    record InferenceService(String apiVersion, String kind, ObjectMeta metadata, InferenceServiceSpec spec) {}

    record InferenceServiceSpec(Predictor predictor) {}

    /** A predictor is a pod's specification and these fields beside. */
    record Predictor(PredictorSettings settings, PodSpec pod) {}

    record PredictorSettings(
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations,
            @Nullable Integer minReplicas,
            @Nullable Integer maxReplicas,
            @Nullable Integer scaleTarget,
            @Nullable String scaleMetric,
            @Nullable Long containerConcurrency,
            @Nullable Long timeout,
            @Nullable Long canaryTrafficPercent,
            @Nullable DeploymentStrategy deploymentStrategy) {}

    record Kustomization(
            String apiVersion,
            String kind,
            @Nullable String namespace,
            @Nullable List<String> resources,
            @Nullable List<String> components,
            @Nullable List<Labels> labels,
            @Nullable List<Image> images,
            @Nullable List<Replicas> replicas,
            @Nullable List<Patch> patches,
            @Nullable List<ConfigMapArguments> configMapGenerator) {}

    record Labels(
            Map<String, String> pairs,
            @Nullable Boolean includeSelectors,
            @Nullable Boolean includeTemplates) {}

    record Image(
            String name,
            @Nullable String newName,
            @Nullable String newTag,
            @Nullable String digest) {}

    record Replicas(String name, int count) {}

    record Patch(
            @Nullable String path,
            @Nullable String patch,
            @Nullable PatchTarget target) {}

    record PatchTarget(
            @Nullable String group,
            @Nullable String version,
            @Nullable String kind,
            @Nullable String name,
            @Nullable String labelSelector) {}

    record ConfigMapArguments(
            String name,
            @Nullable String namespace,
            List<String> files,
            @Nullable GeneratorOptions options) {}

    record GeneratorOptions(
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations,
            @Nullable Boolean disableNameSuffixHash) {}

    /** The values of the chart of prometheus-adapter. */
    record AdapterValues(PrometheusAddress prometheus, String metricsRelistInterval, AdapterRules rules) {}

    record PrometheusAddress(String url, int port, @Nullable String path) {}

    record AdapterRules(@JsonProperty("default") boolean defaults, List<AdapterRule> custom) {}

    record AdapterRule(String seriesQuery, AdapterResources resources, AdapterName name, String metricsQuery) {}

    record AdapterResources(Map<String, AdapterResource> overrides) {}

    record AdapterResource(@Nullable String group, String resource) {}

    record AdapterName(@Nullable String matches, String as) {}
}
