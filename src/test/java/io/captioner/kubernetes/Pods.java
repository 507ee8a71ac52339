package io.captioner.kubernetes;

import static java.util.Objects.requireNonNull;

import io.captioner.kubernetes.CustomResources.InferenceService;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the pods of objects look like. */
final class Pods {
    private Pods() {}

    /** Returns the pod that an object makes, if it is one that makes pods. */
    static Optional<PodSpec> of(Manifest manifest) {
        if (!manifest.isObject()) {
            return Optional.empty();
        }
        Object object = StrictModels.read(manifest);
        if (object instanceof Deployment deployment) {
            return deployment.getSpec().getTemplate() == null
                    ? Optional.empty()
                    : Optional.of(deployment.getSpec().getTemplate().getSpec());
        }
        if (object instanceof Job job) {
            return Optional.of(job.getSpec().getTemplate().getSpec());
        }
        if (object instanceof Pod pod) {
            return Optional.of(pod.getSpec());
        }
        if (object instanceof CronJob cronJob) {
            return Optional.of(
                    cronJob.getSpec().getJobTemplate().getSpec().getTemplate().getSpec());
        }
        return object instanceof InferenceService service
                ? Optional.of(service.spec().predictor().pod())
                : Optional.empty();
    }

    /** Returns all containers, those that only prepare first. */
    static List<Container> containers(PodSpec pod) {
        List<Container> containers = new ArrayList<>(pod.getInitContainers());
        containers.addAll(pod.getContainers());
        return containers;
    }

    /** Returns the container of the program; a service, and a job, have but one. */
    static Container program(PodSpec pod) {
        return pod.getContainers().get(0);
    }

    /** Returns the environment that is written out, by name. */
    static Map<String, String> environment(Container container) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvVar variable : container.getEnv()) {
            if (variable.getValue() != null) {
                environment.put(variable.getName(), variable.getValue());
            }
        }
        return environment;
    }

    /** Returns the number of a port by its name. */
    static int port(Container container, String name) {
        return requireNonNull(container.getPorts().stream()
                .filter(port -> name.equals(port.getName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no port is named " + name))
                .getContainerPort());
    }
}
