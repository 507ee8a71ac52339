package io.captioner.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.kubernetes.CustomResources.AdapterRule;
import io.captioner.kubernetes.CustomResources.AdapterValues;
import io.captioner.kubernetes.CustomResources.AutoscalerConfig;
import io.captioner.kubernetes.CustomResources.Fallback;
import io.captioner.kubernetes.CustomResources.InferenceService;
import io.captioner.kubernetes.CustomResources.ScaledObject;
import io.captioner.kubernetes.CustomResources.ScaledObjectSpec;
import io.captioner.kubernetes.CustomResources.Trigger;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.PodsMetricSource;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.DurationStyle;

/** Times, ports and exit codes of the manifests against those of the program, without running it. */
class ManifestsFitTheProgramTests {
    private static final String DEPLOYMENT = "base/deployment.yaml";
    private static final String INFERENCE_SERVICE = "overlays/kserve/inference-service.yaml";
    private static final int DEFAULT_PROGRESS_DEADLINE = 600;
    private static final Duration PROMISED_START = Duration.ofSeconds(6);

    /** What a slow node, a cold disk and a busy neighbour may make of it. */
    private static final int SLOWER = 10;

    @ParameterizedTest
    @ValueSource(strings = {DEPLOYMENT, INFERENCE_SERVICE})
    void aPodHasTimeToFinishWhatItHas(String file) {
        PodSpec pod = pod(file);
        List<String> preStop =
                Pods.program(pod).getLifecycle().getPreStop().getExec().getCommand();
        long seconds = Long.parseLong(preStop.get(1));
        long grace = DurationStyle.detectAndParse(
                        String.valueOf(program("spring.lifecycle.timeout-per-shutdown-phase")))
                .toSeconds();

        // The admission drains in one phase, the web server stops in the next.
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(seconds + 2 * grace);
        assertThat(preStop).startsWith("sleep");
    }

    @ParameterizedTest
    @ValueSource(strings = {DEPLOYMENT, INFERENCE_SERVICE})
    void aSlowStartIsNotTakenForADeadPod(String file) {
        Probe startup = Pods.program(pod(file)).getStartupProbe();

        assertThat(seconds(startup))
                .isGreaterThanOrEqualTo((int) PROMISED_START.toSeconds() * SLOWER)
                .isLessThan(DEFAULT_PROGRESS_DEADLINE);
    }

    @Test
    void onAGpuThereIsMoreTimeAndStillLessThanARolloutMayTake() {
        int failures = Pods.program(pod("overlays/gpu/deployment.yaml"))
                .getStartupProbe()
                .getFailureThreshold();
        Probe base = Pods.program(pod(DEPLOYMENT)).getStartupProbe();

        assertThat(failures).isGreaterThan(base.getFailureThreshold());
        assertThat(failures * base.getPeriodSeconds()).isLessThan(DEFAULT_PROGRESS_DEADLINE);
    }

    @ParameterizedTest
    @ValueSource(strings = {DEPLOYMENT, INFERENCE_SERVICE})
    void aBusyPodIsTakenOutLongBeforeItIsKilled(String file) {
        Container container = Pods.program(pod(file));

        assertThat(seconds(container.getLivenessProbe())).isGreaterThan(seconds(container.getReadinessProbe()));
        assertThat(container.getLivenessProbe().getTimeoutSeconds())
                .isLessThan(container.getLivenessProbe().getPeriodSeconds());
        assertThat(container.getReadinessProbe().getTimeoutSeconds())
                .isLessThan(container.getReadinessProbe().getPeriodSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {DEPLOYMENT, INFERENCE_SERVICE})
    void thePortsAreThoseThatTheProgramListensOn(String file) {
        Container container = Pods.program(pod(file));

        assertThat(Pods.port(container, "http")).isEqualTo(8080);
        assertThat(program("server.port")).isNull(); // then it is 8080
        assertThat(Pods.port(container, "management")).isEqualTo(8081);
        assertThat(Pods.environment(container)).containsEntry("MANAGEMENT_SERVER_PORT", "8081");
    }

    @Test
    void bothAutoscalersDoTheSame() {
        HorizontalPodAutoscaler autoscaler = StrictModels.read(
                Manifest.of("components/horizontal-pod-autoscaler/autoscaler.yaml"), HorizontalPodAutoscaler.class);
        ScaledObjectSpec keda = StrictModels.read(Manifest.of("components/keda/scaled-object.yaml"), ScaledObject.class)
                .spec();
        PodsMetricSource metric = autoscaler.getSpec().getMetrics().get(0).getPods();
        Trigger trigger = keda.triggers().get(0);
        AutoscalerConfig config = requireNonNull(requireNonNull(keda.advanced()).horizontalPodAutoscalerConfig());

        assertThat(keda.minReplicaCount()).isEqualTo(autoscaler.getSpec().getMinReplicas());
        assertThat(keda.maxReplicaCount()).isEqualTo(autoscaler.getSpec().getMaxReplicas());
        assertThat(config.behavior()).isEqualTo(autoscaler.getSpec().getBehavior());
        assertThat(metric.getTarget().getAverageValue().getNumericalAmount())
                .isEqualByComparingTo(requireNonNull(trigger.metadata().get("threshold")));
        assertThat(trigger.metricType()).isEqualTo("Value");
    }

    @Test
    void withoutPrometheusKedaKeepsAtLeastTheReplicasOfABusyHour() {
        ScaledObjectSpec keda = StrictModels.read(Manifest.of("components/keda/scaled-object.yaml"), ScaledObject.class)
                .spec();
        Fallback fallback = requireNonNull(keda.fallback());

        assertThat(fallback.replicas())
                .isBetween(requireNonNull(keda.minReplicaCount()), requireNonNull(keda.maxReplicaCount()));
        assertThat(fallback.behavior()).isEqualTo("currentReplicasIfHigher");
        // An answer without a value would else count as an idle service.
        assertThat(keda.triggers().get(0).metadata()).containsEntry("ignoreNullValues", "false");
    }

    @Test
    void kServeIsToldTheProtocolThatTheProgramSpeaks() {
        Map<String, String> environment = Pods.environment(Pods.program(pod(INFERENCE_SERVICE)));

        assertThat(environment).containsEntry("CAPTIONER_COMPAT_ENABLED", "oip").containsEntry("PROTOCOL", "v2");
        assertThat(StrictModels.read(Manifest.of(INFERENCE_SERVICE), InferenceService.class)
                        .metadata()
                        .getAnnotations())
                .containsEntry("serving.kserve.io/deploymentMode", "Standard");
    }

    @Test
    void theAutoscalersMetricIsTheOneOfTheAdaptersRule() {
        HorizontalPodAutoscaler autoscaler = StrictModels.read(
                Manifest.of("components/horizontal-pod-autoscaler/autoscaler.yaml"), HorizontalPodAutoscaler.class);
        AdapterRule rule = StrictModels.read(Manifest.of("prometheus-adapter/values.yaml"), AdapterValues.class)
                .rules()
                .custom()
                .get(0);

        assertThat(autoscaler
                        .getSpec()
                        .getMetrics()
                        .get(0)
                        .getPods()
                        .getMetric()
                        .getName())
                .isEqualTo(rule.name().as());
        assertThat(rule.resources().overrides()).containsKeys("namespace", "pod");
        assertThat(rule.metricsQuery()).contains("<<.LabelMatchers>>", "<<.GroupBy>>");
    }

    @Test
    void aJobGivesUpOnThoseExitCodesThatAreNotWorthAnotherTry() throws IOException {
        List<Integer> hopeless = Files.readAllLines(Path.of("docs", "training.md")).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*\\| no \\|"))
                .map(line -> Integer.valueOf(line.replaceAll("^\\| (\\d+) \\|.*", "$1")))
                .toList();

        assertThat(hopeless).containsExactly(2, 3);
        assertThat(givesUpOn(job("training/job.yaml"))).isEqualTo(hopeless);
        assertThat(givesUpOn(retraining())).isEqualTo(hopeless);
        assertThat(givesUpOn(job("bulk/job.yaml"))).isNotEmpty().isSubsetOf(hopeless);
    }

    @Test
    void aJobThatIsEvictedIsNotCounted() {
        for (JobSpec job : List.of(job("training/job.yaml"), retraining(), job("bulk/job.yaml"))) {
            PodFailurePolicyRule first = job.getPodFailurePolicy().getRules().get(0);
            assertThat(first.getAction()).isEqualTo("Ignore");
            assertThat(first.getOnPodConditions())
                    .singleElement()
                    .matches(condition -> condition.getType().equals("DisruptionTarget"));
            // Anything else restarts in the pod, and the policy is not asked.
            assertThat(job.getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
        }
    }

    @Test
    void theJobOfManyShardsHasAsManyCompletionsAsShards() {
        JobSpec job = job("bulk/job.yaml");

        assertThat(job.getCompletionMode()).isEqualTo("Indexed");
        assertThat(Pods.program(job.getTemplate().getSpec()).getArgs())
                .contains("--captioner.bulk.shard=$(JOB_COMPLETION_INDEX)/" + job.getCompletions());
        assertThat(job.getParallelism()).isLessThanOrEqualTo(job.getCompletions());
        assertThat(job.getBackoffLimit()).isNull(); // it would be for all shards together
    }

    private static List<Integer> givesUpOn(JobSpec job) {
        return job.getPodFailurePolicy().getRules().stream()
                .filter(rule -> rule.getAction().equals("FailJob"))
                .peek(rule -> assertThat(rule.getOnExitCodes().getContainerName())
                        .isEqualTo(Pods.program(job.getTemplate().getSpec()).getName()))
                .flatMap(rule -> rule.getOnExitCodes().getValues().stream())
                .toList();
    }

    private static JobSpec job(String file) {
        return StrictModels.read(Manifest.of(file), Job.class).getSpec();
    }

    private static JobSpec retraining() {
        return StrictModels.read(Manifest.of("retraining/cron-job.yaml"), CronJob.class)
                .getSpec()
                .getJobTemplate()
                .getSpec();
    }

    private static PodSpec pod(String file) {
        return Pods.of(Manifest.of(file)).orElseThrow();
    }

    private static int seconds(Probe probe) {
        return probe.getPeriodSeconds() * probe.getFailureThreshold();
    }

    /** Returns a setting of the program's own application.yaml; null where it has none. */
    private static @Nullable Object program(String property) {
        try {
            Object value = Manifest.parse(
                            "application.yaml",
                            Files.readString(Path.of("src", "main", "resources", "application.yaml")))
                    .get(0)
                    .content();
            for (String key : property.split("\\.")) {
                value = value instanceof Map<?, ?> map ? map.get(key) : null;
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
