package io.captioner.operations;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.Client;
import io.captioner.Pictures;
import io.captioner.RecordedSpans;
import io.captioner.ServedTest;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.awt.Color;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

@ServedTest
class StageObservationsTests {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";

    private final Client client;
    private final Client management;
    private final RecordedSpans spans;

    StageObservationsTests(@Autowired Environment environment, @Autowired RecordedSpans spans) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
        this.spans = spans;
    }

    @Test
    void theTraceOfACallerGoesOnWithTheRequestAndBothOfItsStages() throws Exception {
        client.postBody("", "image/png", Pictures.png(Color.RED, 9, 9), "traceparent", traceParent(TRACE));
        // The request's own span ends a moment after its answer.
        await().until(() -> spans.ofTrace(TRACE).size() == 3);

        List<SpanData> ended = spans.ofTrace(TRACE);
        SpanData request = ended.get(2);
        assertThat(request.getName()).isEqualTo("http post /captions");
        assertThat(request.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(request.getParentSpanId()).isEqualTo(CALLER);
        assertThat(ended.subList(0, 2))
                .extracting(SpanData::getName)
                .containsExactly("captioner.decode", "captioner.inference.wait");
        assertThat(ended.subList(0, 2)).extracting(SpanData::getParentSpanId).containsOnly(request.getSpanId());
    }

    @Test
    void aStageThatFailsEndsItsSpanToo() throws Exception {
        String trace = TRACE.replace('0', '1');

        client.postBody("", "image/png", new byte[] {1, 2, 3}, "traceparent", traceParent(trace));
        await().until(() -> spans.ofTrace(trace).size() == 2);

        assertThat(spans.ofTrace(trace))
                .extracting(SpanData::getName)
                .containsExactly("captioner.decode", "http post /captions");
    }

    @Test
    void eachStageIsATimerWithBuckets() throws Exception {
        client.postBody("", "image/png", Pictures.png(Color.RED, 9, 9));

        assertThat(management.get("/actuator/prometheus").body())
                .contains("captioner_decode_seconds_bucket{", "captioner_inference_wait_seconds_bucket{");
    }

    @Test
    void openMetricsHasATraceAsTheExemplarOfABucket() throws Exception {
        client.postBody("", "image/png", Pictures.png(Color.RED, 9, 9), "traceparent", traceParent(TRACE));
        Pattern exemplar = Pattern.compile("(?m)^http_server_requests_seconds_bucket\\{.*uri=\"/captions\".*} \\S+ "
                + "# \\{span_id=\"[0-9a-f]{16}\",trace_id=\"[0-9a-f]{32}\"}");

        // The request is timed a moment after its answer.
        await().untilAsserted(() -> assertThat(management
                        .send(management
                                .request("/actuator/prometheus")
                                .header("Accept", "application/openmetrics-text; version=1.0.0"))
                        .body())
                .containsPattern(exemplar));
    }

    private static String traceParent(String trace) {
        return "00-%s-%s-01".formatted(trace, CALLER);
    }
}
