package io.captioner.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.captioner.Client;
import io.captioner.FakeCaptionModel;
import io.captioner.FakeCaptionModel.Hold;
import io.captioner.Pictures;
import io.captioner.RawConnection;
import io.captioner.ServedTest;
import io.captioner.batching.Admission;
import io.captioner.batching.Deadline;
import io.captioner.batching.DynamicBatcher;
import io.captioner.batching.Permit;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** What only a connection shows: clients that leave, that send ahead, and that are refused before they have sent. */
@ServedTest
class ConnectionTests {
    private final int port;
    private final FakeCaptionModel model;
    private final Admission admission;
    private final DynamicBatcher<?, ?, ?> batcher;

    ConnectionTests(
            @Autowired Environment environment,
            @Autowired FakeCaptionModel model,
            @Autowired Admission admission,
            @Autowired DynamicBatcher<?, ?, ?> batcher) {
        this.port = Integer.parseInt(requireNonNull(environment.getProperty("local.server.port")));
        this.model = model;
        this.admission = admission;
        this.batcher = batcher;
    }

    @Test
    void aClientThatLeavesWhileItWaitsNeverReachesTheDeviceAndReleasesItsPermit() throws Exception {
        int before = imagesSeen();
        try (Hold hold = model.hold();
                RawConnection first = new RawConnection(port)) {
            first.post(picture(0));
            await().until(hold::isReached);
            List<RawConnection> leaving = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                RawConnection connection = new RawConnection(port);
                connection.post(picture(i));
                leaving.add(connection);
            }
            await().until(() -> batcher.queued() == 5);
            for (RawConnection connection : leaving) {
                connection.close();
            }
            await().until(() -> admission.inUse() == 1);
            assertThat(batcher.queued()).isZero();
            hold.close();
            assertThat(first.answer()).startsWith("HTTP/1.1 200");
        }
        assertThat(imagesSeen() - before).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesAMultipartRequestIsNoticedToo() throws Exception {
        byte[] body = ("--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"x\"\r\n\r\n"
                        + new String(picture(1), StandardCharsets.ISO_8859_1)
                        + "\r\n--b--\r\nan epilogue that is not read")
                .getBytes(StandardCharsets.ISO_8859_1);
        try (Hold hold = model.hold()) {
            try (RawConnection connection = new RawConnection(port)) {
                connection.head("multipart/form-data; boundary=b", body.length);
                connection.send(body);
                await().until(() -> admission.inUse() == 1);
            }
            await().until(() -> admission.inUse() == 0);
        }
    }

    @Test
    void aPipelinedRequestIsNoDisconnect() throws Exception {
        try (Hold hold = model.hold();
                RawConnection connection = new RawConnection(port)) {
            connection.post(picture(1));
            connection.post(picture(2));
            await().until(() -> admission.inUse() == 1);
            // Long enough for several checks of the connection.
            long asked = System.nanoTime();
            await().until(() -> System.nanoTime() - asked > 600_000_000L);
            hold.close();
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aRequestBeyondCapacityIsRefusedBeforeItsBody() throws Exception {
        try (Permit all = admission.acquire(admission.capacity(), Deadline.never());
                RawConnection connection = new RawConnection(port)) {
            connection.head("image/png", 150_000);
            assertThat(connection.answer()).startsWith("HTTP/1.1 429").contains("overloaded");
            // What it then sends is read past, and the connection goes on.
            connection.send(new byte[150_000]);
            connection.post(picture(1));
            assertThat(connection.answer()).startsWith("HTTP/1.1 429");
        }
        assertThat(new Client(port).postBody("", "image/png", picture(1)).statusCode())
                .isEqualTo(200);
    }

    private int imagesSeen() {
        return model.batchSizes().stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns pictures that differ, so that none shares another's run. */
    private static byte[] picture(int number) {
        return Pictures.png(Color.RED, 9 + number, 9);
    }
}
