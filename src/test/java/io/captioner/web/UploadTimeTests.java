package io.captioner.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.FakeModels;
import io.captioner.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Heads and bodies that trickle in are cut off when their time is over. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "captioner.request.upload-timeout=200ms",
            "server.tomcat.connection-timeout=1s"
        })
@Import(FakeModels.class)
class UploadTimeTests {
    private final int port;

    UploadTimeTests(@Autowired Environment environment) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
    }

    @Test
    void aRawBodyThatTricklesInIsCutOffWithAnAnswer() throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.head("image/jpeg", 100_000);

            assertThat(trickle(connection)).startsWith("HTTP/1.1 408").contains("upload-timeout", "smaller files");
            assertThat(connection.answer().strip()).isEmpty();
        }
    }

    @Test
    void aMultipartBodyThatTricklesInIsCutOffWithAnAnswer() throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.head("multipart/form-data; boundary=b", 100_000);
            connection.send("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"x\"\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));

            assertThat(trickle(connection)).startsWith("HTTP/1.1 408").contains("upload-timeout", "smaller files");
        }
    }

    @Test
    void theRestOfARefusedBodyIsNotWaitedForEither() throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.head("text/plain", 100_000);
            assertThat(connection.answer()).startsWith("HTTP/1.1 415");

            trickleUntilClosed(connection);
        }
    }

    @Test
    void aHeadThatTricklesInIsCutOff() throws Exception {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send("POST /captions HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));

            trickleUntilClosed(connection);
        }
    }

    private static void trickleUntilClosed(RawConnection connection) {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            try {
                connection.send((byte) 'x');
                return false;
            } catch (IOException closed) {
                return true;
            }
        });
    }

    private static String trickle(RawConnection connection) throws Exception {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            connection.send((byte) 'x');
            return connection.hasAnswer();
        });
        return connection.answer();
    }
}
