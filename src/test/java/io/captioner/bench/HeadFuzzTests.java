package io.captioner.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Pictures;
import io.captioner.ServedTest;
import java.awt.Color;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

@ServedTest
class HeadFuzzTests {
    private static final int REQUESTS = 1500;
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private static final int NO_ANSWER = -1;

    private final int port;

    HeadFuzzTests(@Autowired Environment environment) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
    }

    @Test
    void noQueryStringAndNoHeaderIsTheFaultOfTheService() {
        HeadMutations mutations = new HeadMutations(Pictures.png(Color.RED, 9, 9));
        List<String> faults = new ArrayList<>();
        int answers = 0;
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = mutations.next(new Random(i));
            int status = status(request);
            answers += status > 0 ? 1 : 0;
            if (status >= 500 && status != 503 && status != 504) {
                faults.add(status + " to " + new String(request, StandardCharsets.ISO_8859_1));
            }
        }

        assertThat(faults).isEmpty();
        assertThat(answers).isGreaterThan(REQUESTS * 9 / 10);
    }

    private int status(byte[] request) {
        try (Connection connection = new Connection(port, ANSWER)) {
            try {
                connection.send(request);
                if (!connection.awaitAnswer(PATIENCE)) {
                    connection.finishSending();
                }
            } catch (SocketException refusedEarly) {
                // There may be an answer.
            }
            return connection.receive().status();
        } catch (IOException closed) {
            return NO_ANSWER;
        }
    }
}
