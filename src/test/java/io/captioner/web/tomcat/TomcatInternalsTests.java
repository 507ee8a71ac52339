package io.captioner.web.tomcat;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.FakeCaptionModel;
import io.captioner.FakeCaptionModel.Hold;
import io.captioner.FakeModels;
import io.captioner.Pictures;
import io.captioner.RawConnection;
import io.captioner.batching.Admission;
import io.captioner.web.UploadLimits;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.catalina.Engine;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.util.ServerInfo;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * The behaviour of Tomcat's internals that this package relies on. A failure after an upgrade of Tomcat says what to
 * check by hand.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "captioner.request.upload-timeout=200ms",
            "server.tomcat.connection-timeout=1s"
        })
@Import(FakeModels.class)
class TomcatInternalsTests {
    private static final String LINE = "11.0.";

    private final TomcatWebServer server;
    private final FakeCaptionModel model;
    private final Admission admission;

    TomcatInternalsTests(
            @Autowired ServletWebServerApplicationContext context,
            @Autowired FakeCaptionModel model,
            @Autowired Admission admission) {
        this.server = (TomcatWebServer) requireNonNull(context.getWebServer());
        this.model = model;
        this.admission = admission;
    }

    @Test
    void theLineOfVersionsIsTheOneThatThisPackageWasWrittenFor() {
        assertThat(ServerInfo.getServerNumber())
                .as(recheck(
                        "every class of io.captioner.web.tomcat against its superclass, then set LINE in this test"))
                .startsWith(LINE);
    }

    @Test
    void theValvesRunInTheirOrderBeforeTheErrorReport() {
        Engine engine = server.getTomcat().getEngine();

        assertThat(Arrays.stream(engine.getPipeline().getValves())
                        .map(valve -> valve.getClass().getSimpleName())
                        .filter(name -> !name.equals("StandardEngineValve")))
                .as(recheck("how Spring Boot adds engine valves: refusals must come before the body is decoded,"
                        + " untrusted headers must go first"))
                .containsSubsequence(
                        "ResponseHeadersValve",
                        "ForwardedHeadersValve",
                        "UploadTimeoutValve",
                        "AdmissionValve",
                        "ContentDecodingValve");
        assertThat(((StandardHost) engine.findChild(engine.getDefaultHost())).getErrorReportValveClass())
                .as(recheck("StandardHost.setErrorReportValveClass, by which errors of Tomcat become problems"))
                .isEqualTo(ProblemErrorValve.class.getName());
    }

    @Test
    void aHostNameWithUnderscoresIsAcceptedAndAMalformedOneIsNot() throws Exception {
        String what = recheck("AbstractProcessor.parseHost, which DisconnectAwareHttpProtocol overrides");

        assertThat(get("my_service:8080")).as(what).startsWith("HTTP/1.1 200");
        assertThat(get("my_ser vice")).as(what).startsWith("HTTP/1.1 400");
        assertThat(get("my_service:port")).as(what).startsWith("HTTP/1.1 400");
    }

    @Test
    void aClientThatLeavesIsNoticedThroughTheNoteOfTheRequest() throws Exception {
        try (Hold hold = model.hold()) {
            try (RawConnection connection = new RawConnection(server.getPort())) {
                connection.post(Pictures.png(Color.RED, 9, 9));
                await().until(hold::isReached);
            }
            await().alias(recheck("SocketWrapperBase.read and the number of the note in DisconnectAwareHttpProtocol,"
                            + " which Tomcat itself must not use"))
                    .until(() -> admission.inUse() == 0);
        }
    }

    @Test
    void aHeadThatTricklesInIsClosedAfterTheConnectionTimeout() throws Exception {
        try (RawConnection connection = new RawConnection(server.getPort())) {
            connection.send("GET /readyz HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));

            await().alias(recheck("Http11Processor.service, which must return LONG for a part of a head"))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> isClosed(connection));
        }
    }

    @Test
    void theLimitsOnPartsReachTheConnectorAndAreEnforced() throws Exception {
        Connector connector = server.getTomcat().getConnector();
        String what = recheck("Connector.setMaxPartHeaderSize and setMaxPartCount, and the exceptions in BodyProblems");

        assertThat(connector.getMaxPartHeaderSize()).as(what).isEqualTo(UploadLimits.PART_HEADER_BYTES);
        assertThat(partWithHeaderOf(UploadLimits.PART_HEADER_BYTES - 200))
                .as(what)
                .contains("not-an-image");
        assertThat(partWithHeaderOf(UploadLimits.PART_HEADER_BYTES + 200))
                .as(what)
                .contains("headers of more than %d bytes".formatted(UploadLimits.PART_HEADER_BYTES));
    }

    private String partWithHeaderOf(int bytes) throws IOException {
        byte[] body = ("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\nX: "
                        + "x".repeat(bytes) + "\r\n\r\nno image\r\n--b--\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (RawConnection connection = new RawConnection(server.getPort())) {
            connection.head("multipart/form-data; boundary=b", body.length);
            connection.send(body);
            return connection.answer();
        }
    }

    private String get(String host) throws IOException {
        try (RawConnection connection = new RawConnection(server.getPort())) {
            connection.send("GET /readyz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                    .formatted(host)
                    .getBytes(StandardCharsets.US_ASCII));
            return connection.answer();
        }
    }

    private static boolean isClosed(RawConnection connection) {
        try {
            connection.send((byte) 'x');
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private static String recheck(String what) {
        return "The bundled Tomcat is %s, and web.tomcat was written for %sx: re-check %s"
                .formatted(ServerInfo.getServerNumber(), LINE, what);
    }
}
