package io.captioner.operations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.captioner.batching.BatchSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.otlp.OtlpMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Meters sent to a collector, as application.yaml has it. */
class MetricsExportTests {
    private static final String ENABLED = "management.otlp.metrics.export.enabled=true";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withInitializer(new ConfigDataApplicationContextInitializer())
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    OtlpMetricsExportAutoConfiguration.class,
                    PrometheusMetricsExportAutoConfiguration.class));

    @Test
    void metersAreSentNowhereByDefault() {
        runner.run(context ->
                assertThat(context).hasSingleBean(MeterRegistry.class).doesNotHaveBean(OtlpMeterRegistry.class));
    }

    @Test
    void whereItIsSwitchedOnACollectorGetsTheMetersThatPrometheusReads() throws Exception {
        BlockingQueue<ExportMetricsServiceRequest> received = new LinkedBlockingQueue<>();
        HttpServer collector = collector(received);
        try {
            runner.withPropertyValues(
                            ENABLED,
                            "management.otlp.metrics.export.url=http://localhost:%d/v1/metrics"
                                    .formatted(collector.getAddress().getPort()))
                    .run(context -> {
                        BatchMeters meters = new BatchMeters(
                                context.getBean("compositeMeterRegistry", MeterRegistry.class),
                                new BatchSettings(4, List.of(1, 2, 4), 8, Duration.ZERO, 1));
                        meters.ran(1, 1, List.of(Duration.ofMillis(20)), Duration.ofMillis(50));
                    });
            // A registry that is closed sends what it has.
            ExportMetricsServiceRequest request = requireNonNull(received.poll(10, TimeUnit.SECONDS));

            assertThat(request.getResourceMetrics(0).getResource().getAttributesList())
                    .anyMatch(attribute -> attribute.getKey().equals("service.name")
                            && attribute.getValue().getStringValue().equals("captioner"));
            Map<String, Metric> metrics = request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList().stream()
                    .collect(Collectors.toMap(Metric::getName, metric -> metric, (a, b) -> a));
            assertThat(requireNonNull(metrics.get("captioner.queue"))
                            .getHistogram()
                            .getDataPoints(0)
                            .getCount())
                    .isEqualTo(1);
        } finally {
            collector.stop(0);
        }
    }

    private static HttpServer collector(BlockingQueue<ExportMetricsServiceRequest> received) throws IOException {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            received.add(ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        return collector;
    }
}
