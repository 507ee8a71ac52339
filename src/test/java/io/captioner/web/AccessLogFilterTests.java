package io.captioner.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.captioner.Client;
import io.captioner.Client.Part;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeCaptionModel.Hold;
import io.captioner.Pictures;
import io.captioner.RawConnection;
import io.captioner.ServedTest;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.Permit;
import io.captioner.web.AccessLogConfiguration.AccessLogFilter;
import jakarta.servlet.ServletException;
import java.awt.Color;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@ServedTest
class AccessLogFilterTests {
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final Client client;
    private final int port;
    private final FakeCaptionModel model;
    private final Admission admission;
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    AccessLogFilterTests(
            @Autowired Environment environment, @Autowired FakeCaptionModel model, @Autowired Admission admission) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.client = new Client(port);
        this.model = model;
        this.admission = admission;
    }

    @BeforeEach
    void listen() {
        appender.list = lines;
        appender.start();
        logger().addAppender(appender);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(appender);
    }

    @Test
    void aRequestIsOneLineWithItsOutcomeAndItsTrace() throws Exception {
        client.postBody("?beamWidth=2", "image/png", RED, "traceparent", "00-" + TRACE + "-b7ad6b7169203331-01");

        ILoggingEvent line = line();
        assertThat(line.getMDCPropertyMap()).containsEntry("traceId", TRACE);
        assertThat(line.getFormattedMessage())
                .matches(
                        "method=POST path=/captions status=200 millis=\\d+\\.\\d bytesIn=%d clientGone=false images=1"
                                        .formatted(RED.length)
                                + " model=colours/3 beamWidth=2 repeats=0 decodeMillis=\\S+ queueMillis=\\S+ inferenceMillis=\\S+");
        assertThat(fields(line))
                .containsEntry("method", "POST")
                .containsEntry("path", "/captions")
                .containsEntry("status", 200)
                .containsEntry("bytesIn", (long) RED.length)
                .containsEntry("images", 1)
                .containsEntry("model", "colours/3");
    }

    @Test
    void aRequestThatFailsIsALineWithItsProblemAndWithoutWhatWasSent() throws Exception {
        client.postParts("?model=colours", Part.image("secret.png", RED), Part.image("secret.txt", new byte[] {1, 2}));

        ILoggingEvent line = line();
        assertThat(fields(line))
                .containsEntry("status", 415)
                .containsEntry("images", 2)
                .containsEntry("problem", "not-an-image");
        assertThat(line.getFormattedMessage()).doesNotContain("secret");
    }

    @Test
    void aQueryIsNotLogged() throws Exception {
        client.get("/nowhere?key=secret");

        assertThat(fields(line())).containsEntry("status", 404).containsEntry("path", "/nowhere");
        assertThat(line().getFormattedMessage()).doesNotContain("secret");
    }

    @Test
    void aRequestWhoseClientLeftIsALineToo() throws Exception {
        try (Hold hold = model.hold()) {
            try (RawConnection connection = new RawConnection(port)) {
                connection.post(RED);
                await().until(() -> admission.inUse() == 1);
            }
            await().until(() -> !lines.isEmpty());
        }

        assertThat(fields(line()))
                .containsEntry("status", 499)
                .containsEntry("clientGone", true)
                .containsEntry("problem", "client-gone");
    }

    @Test
    void aRequestThatAdmissionRefusesIsALineThoughItsBodyWasNotRead() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never())) {
            client.postBody("", "image/png", RED);
        }

        assertThat(fields(line()))
                .containsEntry("status", 429)
                .containsEntry("problem", "overloaded")
                .containsEntry("bytesIn", 0L)
                .doesNotContainKey("images");
    }

    @Test
    void probesAndScrapesAreLeftOut() throws Exception {
        client.get("/livez");
        client.get("/readyz");
        client.get("/actuator/health");
        client.get("/actuator/prometheus");
        client.get("/livezz");

        assertThat(fields(line())).containsEntry("path", "/livezz");
    }

    @Test
    void anUncaughtExceptionIsLoggedWithTheStatusOfTheAnswer() {
        Iterator<Long> clock = List.of(0L, 12_340_000L).iterator();
        AccessLogFilter log = new AccessLogFilter(new AccessLogWriter(false), clock::next);

        assertThat(catchThrowable(() -> log.doFilter(
                        new MockHttpServletRequest("GET", "/" + "a".repeat(500)),
                        new MockHttpServletResponse(),
                        (request, response) -> {
                            throw new ServletException("a bug");
                        })))
                .hasMessage("a bug");

        assertThat(fields(line())).containsEntry("status", 500).containsEntry("millis", 12.3);
        assertThat(line().getFormattedMessage()).contains("path=/" + "a".repeat(199) + "… status=500");
    }

    @Test
    void theMessageIsShortWhereTheFieldsAreShownAnyway() throws Exception {
        new AccessLogFilter(new AccessLogWriter(true), () -> 0)
                .doFilter(
                        new MockHttpServletRequest("GET", "/"),
                        new MockHttpServletResponse(),
                        (request, response) -> {});

        assertThat(line().getFormattedMessage()).isEqualTo("GET / 200");
        assertThat(fields(line())).containsEntry("status", 200);
    }

    /** The line is written just after the answer. */
    private ILoggingEvent line() {
        await().until(() -> !lines.isEmpty());
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }

    private static Map<String, Object> fields(ILoggingEvent line) {
        return line.getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(AccessLogWriter.LOGGER);
    }
}
