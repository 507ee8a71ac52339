package io.captioner.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTests {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpServer server;
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    ConnectionTests() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/captions", exchange -> answer(exchange, 200, -1));
        server.createContext("/full", exchange -> answer(exchange, 429, 1));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** Answers with what it got, with a length or, where that is below zero, in chunks. */
    private void answer(HttpExchange exchange, int status, int length) throws IOException {
        clients.add(exchange.getRemoteAddress());
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Retry-After", "3");
        exchange.sendResponseHeaders(status, length < 0 ? 0 : length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(length < 0 ? body : "!".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void answersInChunksAndWithALengthFollowEachOtherOnOneConnection() throws IOException {
        byte[] photo = "a photo".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        try (Connection connection = new Connection(server.getAddress().getPort(), TIMEOUT)) {
            for (int i = 0; i < 3; i++) {
                Response chunked = connection.exchange(Requests.photo(photo));
                assertThat(chunked.status()).isEqualTo(200);
                assertThat(chunked.body()).isEqualTo(photo);

                Response full = connection.exchange(Requests.get("/full"));
                assertThat(full.status()).isEqualTo(429);
                assertThat(full.header("retry-after")).isEqualTo("3");
                assertThat(full.text()).isEqualTo("!");
                assertThat(full.closes()).isFalse();
            }
        }
        assertThat(clients).hasSize(1);
    }

    @Test
    void anAnswerThatIsCutOffIsNoAnswer() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Connection connection = new Connection(listener.getLocalPort(), TIMEOUT);
                Socket accepted = listener.accept()) {
            accepted.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".getBytes(StandardCharsets.UTF_8));
            accepted.close();

            assertThatThrownBy(connection::receive).hasMessageContaining("4 of 10 bytes");
        }
    }

    @Test
    void trafficSaysWhichRequestsGotNoAnswer() throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        try (Traffic served = new Traffic(server.getAddress().getPort(), List.of(new byte[10]));
                Traffic refused = new Traffic(closedPort, List.of(new byte[10]))) {
            assertThat(served.send(System.nanoTime()).status()).isEqualTo(200);
            assertThat(refused.send(System.nanoTime()).status()).isEqualTo(Sample.NONE);
        }
    }
}
