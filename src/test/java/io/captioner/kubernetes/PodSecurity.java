package io.captioner.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the level {@code restricted} of the Pod Security Standards asks of a pod, as far as it can be broken here, and
 * two things more: a read-only root and no token of the API server.
 */
final class PodSecurity {
    private PodSecurity() {}

    /** Returns what is wrong with a pod. */
    static List<String> faults(PodSpec pod) {
        List<String> faults = new ArrayList<>();
        require(
                faults,
                isFalse(pod.getHostNetwork()) && isFalse(pod.getHostPID()) && isFalse(pod.getHostIPC()),
                "host");
        require(faults, Boolean.FALSE.equals(pod.getAutomountServiceAccountToken()), "token");
        boolean securityOfPod = pod.getSecurityContext() != null;
        require(
                faults,
                securityOfPod && Boolean.TRUE.equals(pod.getSecurityContext().getRunAsNonRoot()),
                "root");
        require(
                faults,
                securityOfPod
                        && !Long.valueOf(0).equals(pod.getSecurityContext().getRunAsUser()),
                "user 0");
        require(
                faults,
                securityOfPod
                        && pod.getSecurityContext().getSeccompProfile() != null
                        && "RuntimeDefault"
                                .equals(pod.getSecurityContext()
                                        .getSeccompProfile()
                                        .getType()),
                "seccomp");
        pod.getVolumes().forEach(volume -> require(faults, isAllowed(volume), "volume " + volume.getName()));
        Pods.containers(pod).forEach(container -> faults.addAll(faults(container)));
        return faults;
    }

    private static List<String> faults(Container container) {
        List<String> faults = new ArrayList<>();
        SecurityContext security = container.getSecurityContext();
        if (security == null) {
            return List.of(container.getName() + ": no security context");
        }
        require(faults, Boolean.FALSE.equals(security.getAllowPrivilegeEscalation()), "privilege escalation");
        require(faults, isFalse(security.getPrivileged()), "privileged");
        require(faults, Boolean.TRUE.equals(security.getReadOnlyRootFilesystem()), "writable root");
        require(
                faults,
                security.getCapabilities() != null
                        && security.getCapabilities().getDrop().contains("ALL")
                        && security.getCapabilities().getAdd().isEmpty(),
                "capabilities");
        container.getPorts().forEach(port -> require(faults, port.getHostPort() == null, "host port"));
        return faults.stream().map(fault -> container.getName() + ": " + fault).toList();
    }

    /** Image volumes are allowed since Kubernetes 1.33. */
    private static boolean isAllowed(Volume volume) {
        return volume.getConfigMap() != null
                || volume.getCsi() != null
                || volume.getDownwardAPI() != null
                || volume.getEmptyDir() != null
                || volume.getEphemeral() != null
                || volume.getImage() != null
                || volume.getPersistentVolumeClaim() != null
                || volume.getProjected() != null
                || volume.getSecret() != null;
    }

    private static boolean isFalse(@Nullable Boolean value) {
        return !Boolean.TRUE.equals(value);
    }

    private static void require(List<String> faults, boolean holds, String otherwise) {
        if (!holds) {
            faults.add(otherwise);
        }
    }
}
