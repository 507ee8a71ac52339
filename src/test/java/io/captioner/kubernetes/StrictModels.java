package io.captioner.kubernetes;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.captioner.kubernetes.CustomResources.InferenceService;
import io.captioner.kubernetes.CustomResources.InferenceServiceSpec;
import io.captioner.kubernetes.CustomResources.Kustomization;
import io.captioner.kubernetes.CustomResources.Predictor;
import io.captioner.kubernetes.CustomResources.PredictorSettings;
import io.captioner.kubernetes.CustomResources.ScaledObject;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimTemplate;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads manifests into typed models, and takes nothing that these do not know: no other field, no number where a string
 * belongs.
 */
final class StrictModels {
    private static final Map<String, Class<?>> MODELS = Map.ofEntries(
            entry("v1 ConfigMap", ConfigMap.class),
            entry("v1 Namespace", Namespace.class),
            entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
            entry("v1 Pod", Pod.class),
            entry("v1 Service", Service.class),
            entry("apps/v1 Deployment", Deployment.class),
            entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            entry("batch/v1 CronJob", CronJob.class),
            entry("batch/v1 Job", Job.class),
            entry("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class),
            entry("keda.sh/v1alpha1 ScaledObject", ScaledObject.class),
            entry("kustomize.config.k8s.io/v1alpha1 Component", Kustomization.class),
            entry("kustomize.config.k8s.io/v1beta1 Kustomization", Kustomization.class),
            entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class),
            entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class),
            entry("networking.k8s.io/v1 Ingress", Ingress.class),
            entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            entry("resource.k8s.io/v1 ResourceClaimTemplate", ResourceClaimTemplate.class),
            entry("serving.kserve.io/v1beta1 InferenceService", InferenceService.class));

    private static final Set<String> PREDICTOR_SETTINGS = Arrays.stream(PredictorSettings.class.getRecordComponents())
            .map(component -> component.getName())
            .collect(Collectors.toSet());

    /** The models keep what they do not know in a map, which would let everything through: we forbid them to. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, config -> {
                config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                config.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
            .build();

    private StrictModels() {}

    /** @throws IllegalArgumentException if no such object is known, or it has not this form */
    static Object read(Manifest manifest) {
        Class<?> model = MODELS.get(manifest.apiVersion() + " " + manifest.kind());
        if (model == null) {
            throw new IllegalArgumentException(
                    "no model of %s %s in %s".formatted(manifest.apiVersion(), manifest.kind(), manifest.source()));
        }
        return read(manifest, model);
    }

    /** @throws IllegalArgumentException if it has not the form of the model */
    static <T> T read(Manifest manifest, Class<T> model) {
        Map<String, Object> content = manifest.withoutDirectives();
        try {
            return model.equals(InferenceService.class)
                    ? model.cast(inferenceService(content))
                    : MAPPER.convertValue(content, model);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(manifest.source() + ": " + e.getMessage(), e);
        }
    }

    private static InferenceService inferenceService(Map<String, Object> content) {
        Map<String, Object> spec = Manifest.map(requireNonNull(content.get("spec")));
        Map<String, Object> settings = new LinkedHashMap<>(Manifest.map(requireNonNull(spec.get("predictor"))));
        Map<String, Object> pod = new LinkedHashMap<>(settings);
        settings.keySet().retainAll(PREDICTOR_SETTINGS);
        pod.keySet().removeAll(PREDICTOR_SETTINGS);
        return new InferenceService(
                String.valueOf(content.get("apiVersion")),
                String.valueOf(content.get("kind")),
                MAPPER.convertValue(content.get("metadata"), ObjectMeta.class),
                new InferenceServiceSpec(new Predictor(
                        MAPPER.convertValue(settings, PredictorSettings.class),
                        MAPPER.convertValue(pod, PodSpec.class))));
    }
}
