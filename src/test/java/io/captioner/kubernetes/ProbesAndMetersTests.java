package io.captioner.kubernetes;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.caption.RequestProperties;
import io.captioner.kubernetes.CustomResources.AdapterValues;
import io.captioner.kubernetes.CustomResources.ScaledObject;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteTimeouts;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import jakarta.servlet.MultipartConfigElement;
import java.awt.Color;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** What a cluster asks of the program, asked of the program as the manifests set it up. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "management.server.port=0")
@Import(FakeModels.class)
class ProbesAndMetersTests {
    private static final Pattern METER = Pattern.compile("captioner_[a-z_]+");
    private static final String QUEUE = "captioner_queue_seconds";

    private final Map<String, Client> ports;
    private final long mostBytes;
    private final RequestProperties requests;

    ProbesAndMetersTests(
            @Autowired Environment environment,
            @Autowired MultipartConfigElement multipart,
            @Autowired RequestProperties requests) {
        ports = Map.of(
                "http",
                client(environment, "local.server.port"),
                "management",
                client(environment, "local.management.port"));
        mostBytes = multipart.getMaxRequestSize();
        this.requests = requests;
    }

    private static Client client(Environment environment, String port) {
        return new Client(Integer.parseInt(requireNonNull(environment.getProperty(port))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base/deployment.yaml", "overlays/kserve/inference-service.yaml"})
    void everyProbeIsAnsweredAtItsPort(String file) throws Exception {
        Container container = Pods.program(Pods.of(Manifest.of(file)).orElseThrow());

        for (HTTPGetAction probe : List.of(
                container.getStartupProbe().getHttpGet(),
                container.getReadinessProbe().getHttpGet(),
                container.getLivenessProbe().getHttpGet())) {
            Client client = requireNonNull(ports.get(probe.getPort().getStrVal()));
            assertThat(client.get(probe.getPath()).statusCode())
                    .as(probe.getPath())
                    .isEqualTo(200);
        }
    }

    @Test
    void theMetersThatAutoscalersAskForAreScrapedWhereTheMonitorLooks() throws Exception {
        requireNonNull(ports.get("http")).postBody("", "image/png", Pictures.png(Color.RED, 9, 9));
        Endpoint endpoint = StrictModels.read(Manifest.of("monitoring/service-monitor.yaml"), ServiceMonitor.class)
                .getSpec()
                .getEndpoints()
                .get(0);
        String scraped = requireNonNull(ports.get(endpoint.getPort()))
                .get(endpoint.getPath())
                .body();
        String queries = StrictModels.read(Manifest.of("prometheus-adapter/values.yaml"), AdapterValues.class)
                        .rules()
                        .custom()
                        .get(0)
                        .metricsQuery()
                + StrictModels.read(Manifest.of("components/keda/scaled-object.yaml"), ScaledObject.class)
                        .spec()
                        .triggers()
                        .get(0)
                        .metadata()
                        .get("query");

        List<String> meters = METER.matcher(queries)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        assertThat(meters).contains(QUEUE + "_sum", QUEUE + "_count");
        meters.forEach(meter -> assertThat(scraped).containsPattern("(?m)^" + meter + "[{ ]"));
    }

    @Test
    void theServicePortOfThePhotosDoesNotLeadToTheMeters() throws Exception {
        assertThat(requireNonNull(ports.get("http")).get("/actuator/prometheus").statusCode())
                .isEqualTo(404);
    }

    @Test
    void theRouteOfAGatewayIsNoStricterThanTheProgram() {
        HTTPRouteTimeouts timeouts = StrictModels.read(
                        Manifest.of("components/http-route/http-route.yaml"), HTTPRoute.class)
                .getSpec()
                .getRules()
                .get(0)
                .getTimeouts();

        for (String timeout : List.of(timeouts.getRequest(), timeouts.getBackendRequest())) {
            assertThat(DurationStyle.detectAndParse(timeout))
                    .isGreaterThanOrEqualTo(requests.maxTimeout().plus(requests.uploadTimeout()));
        }
    }

    @Test
    void theIngressIsNoStricterThanTheProgram() {
        Map<String, String> limits = StrictModels.read(Manifest.of("components/ingress/ingress.yaml"), Ingress.class)
                .getMetadata()
                .getAnnotations();
        String bytes = requireNonNull(limits.get("nginx.ingress.kubernetes.io/proxy-body-size"));
        String seconds = requireNonNull(limits.get("nginx.ingress.kubernetes.io/proxy-read-timeout"));

        assertThat(Long.parseLong(bytes.replace("m", "")) << 20).isGreaterThanOrEqualTo(mostBytes);
        assertThat(Long.parseLong(seconds))
                .isGreaterThanOrEqualTo(
                        requests.maxTimeout().plus(requests.uploadTimeout()).toSeconds());
    }
}
