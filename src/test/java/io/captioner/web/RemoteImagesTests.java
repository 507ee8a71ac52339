package io.captioner.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.captioner.Pictures;
import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Hostile URLs against a resolver of the test's own and a server on the loopback address, which counts what comes. */
class RemoteImagesTests {
    private static final int MAX_BYTES = 100_000;
    private static final byte[] RED = Pictures.png(Color.RED, 40, 20);
    private static final ImageProperties LIMITS =
            new ImageProperties(DataSize.ofBytes(MAX_BYTES), 1_000_000, 20_000, null, ImageProperties.Heif.OFF);

    /** What an attacker's name server answers: names of the outside world with addresses of the inside. */
    private static final String INSIDE = """
            loopback=127.0.0.1 loopback-net=127.8.9.10 any=0.0.0.0 this-net=0.1.2.3 ten=10.1.2.3
            docker=172.17.0.1 home=192.168.1.1 carrier=100.64.0.1 metadata=169.254.169.254
            metadata-alibaba=100.100.100.200 metadata-oracle=192.0.0.192
            metadata-azure=168.63.129.16 benchmark=198.18.0.1 multicast=224.0.0.1 reserved=240.0.0.1
            broadcast=255.255.255.255 loopback6=::1 any6=:: mapped=::ffff:127.0.0.1
            compatible=::127.0.0.1 nat64=64:ff9b::7f00:1 nat64-local=64:ff9b:1::7f00:1
            sixtofour=2002:7f00:1::1 teredo=2001:0:7f00:1::1 link6=fe80::1 unique6=fd12:3456::1
            metadata6=fd00:ec2::254 site6=fec0::1 multicast6=ff02::1
            """;

    private static final Map<String, String> ZONE = Arrays.stream(INSIDE.strip().split("\\s+"))
            .map(entry -> entry.split("=", 2))
            .collect(Collectors.toMap(entry -> entry[0] + ".example", entry -> entry[1]));

    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile HttpHandler handler = exchange -> answer(exchange, 200, RED);

    RemoteImagesTests() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            handler.handle(exchange);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aPhotoOfAnAllowedNetworkIsFetchedWithoutAnyOfTheClientsHeaders() throws Exception {
        handler = exchange -> {
            assertThat(exchange.getRequestHeaders().keySet())
                    .containsExactlyInAnyOrder("Accept", "Connection", "Host", "User-agent");
            answer(exchange, 200, RED);
        };
        try (RemoteImages images = images(remote(List.of("127.0.0.0/8"), "photos.example"), host -> loopback())) {
            assertThat(images.fetch(url("photos.example", "/a.png"), 0).bytes()).isEqualTo(RED);
        }
    }

    static Set<String> namesThatLeadInside() {
        return ZONE.keySet();
    }

    @ParameterizedTest
    @MethodSource("namesThatLeadInside")
    void aNameThatLeadsInsideIsNotConnectedTo(String host) throws Exception {
        try (RemoteImages images = images(remote(List.of(), "*"), RemoteImagesTests::zone)) {
            refused(images, url(host, "/"), Reason.UNREADABLE_IMAGE);
        }
        assertThat(new RemoteAddresses(RemoteImagesTests::zone, List.of()).allows(zone(host)[0]))
                .isFalse();
        assertThat(asked).hasValue(0);
    }

    /** The notations of 127.0.0.1 that some parsers read; the resolver of the machine reads some of them too. */
    static String[] notations() {
        return """
                127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 0x7f.0.0.1 127.0.0.1. 0 [::1]
                [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1] localhost LOCALHOST localhost.
                """.strip().split("\\s+");
    }

    @ParameterizedTest
    @MethodSource("notations")
    void noNotationOfTheLoopbackAddressIsConnectedTo(String host) throws Exception {
        try (RemoteImages images = images(remote(List.of(), "*"), InetAddress::getAllByName)) {
            assertThatThrownBy(() -> images.fetch(url(host, "/"), 0)).isInstanceOf(CaptionFailure.class);
        }
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://photos.example/a.jpg",
                "file:///etc/passwd",
                "jar:http://photos.example/a.jar!/b",
                "gopher://photos.example/",
                "http://user:secret@photos.example/",
                "http://photos.example@127.0.0.1/",
                "http://127.0.0.1\\@photos.example/",
                "http://photos.example:22/",
                "http://photos.example.evil.example/",
                "http://evilphotos.example/",
                "http://photos.example/#@127.0.0.1",
                "http:///a.jpg",
                "http:photos.example",
                "http://photos.example/\r\nX-Injected: 1",
                "//photos.example/",
                "http://under_score.example/",
                "http://photos%2eexample/",
                "http://①②⑦.⓪.⓪.①/",
                "http://127。0。0。1/",
                "http://[fe80::1%25lo]/",
                "http://photos.example:80:22/",
                "http:\\\\photos.example/",
                ""
            })
    void whatIsNoAllowedUrlIsRefusedBeforeItsNameIsResolved(String url) throws Exception {
        AtomicInteger resolved = new AtomicInteger();
        try (RemoteImages images = images(
                new RemoteProperties(
                        true, List.of("photos.example"), true, Set.of(80, 443), List.of(), Duration.ofSeconds(5), 8),
                host -> {
                    resolved.incrementAndGet();
                    return loopback();
                })) {
            refused(images, url, Reason.INVALID_PARAMETER);
        }
        assertThat(resolved).hasValue(0);
        assertThat(asked).hasValue(0);
    }

    @Test
    void plainHttpIsRefusedUnlessItIsAllowed() throws Exception {
        try (RemoteImages images = images(
                new RemoteProperties(true, List.of("*"), false, Set.of(80), List.of(), Duration.ofSeconds(5), 8),
                host -> loopback())) {
            refused(images, "http://photos.example/", Reason.INVALID_PARAMETER);
        }
    }

    @Test
    void aNameIsResolvedOnceForAPhoto() throws Exception {
        AtomicInteger asksOfOneFetch = new AtomicInteger();
        try (RemoteImages images = images(remote(List.of("127.0.0.0/8"), "*"), host -> {
            asksOfOneFetch.incrementAndGet();
            return loopback();
        })) {
            assertThat(images.fetch(url("photos.example", "/"), 0).bytes()).isEqualTo(RED);
        }
        assertThat(asksOfOneFetch).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "303", "307", "308"})
    void noRedirectIsFollowed(int status) throws Exception {
        handler = exchange -> {
            exchange.getResponseHeaders().set("Location", url("photos.example", "/inside"));
            answer(exchange, status, new byte[0]);
        };
        try (RemoteImages images = images(remote(List.of("127.0.0.0/8"), "*"), host -> loopback())) {
            assertThat(refused(images, url("photos.example", "/"), Reason.UNREADABLE_IMAGE))
                    .contains("answered " + status, "redirects are not followed");
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void anAnnouncedHugeBodyIsNotRead() throws Exception {
        handler = exchange -> {
            exchange.sendResponseHeaders(200, MAX_BYTES + 1L);
            exchange.getResponseBody().write(new byte[1]);
        };
        try (RemoteImages images = images(remote(List.of("127.0.0.0/8"), "*"), host -> loopback())) {
            refused(images, url("photos.example", "/"), Reason.TOO_MANY_BYTES);
        }
    }

    @Test
    void anEndlessBodyIsCutAtTheLimit() throws Exception {
        handler = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(new byte[8192]);
                }
            }
        };
        try (RemoteImages images = images(remote(List.of("127.0.0.0/8"), "*"), host -> loopback())) {
            refused(images, url("photos.example", "/"), Reason.TOO_MANY_BYTES);
        }
    }

    @Test
    void compressedBytesAreNotUnpacked() throws Exception {
        handler = exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            answer(exchange, 200, RED);
        };
        try (RemoteImages images = images(remote(List.of("127.0.0.0/8"), "*"), host -> loopback())) {
            assertThat(images.fetch(url("photos.example", "/"), 0).bytes()).isEqualTo(RED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"})
    void aServerThatStopsSendingIsLeftWhenTheTimeIsOver(String start) throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            threads.submit(() -> {
                Socket socket = slow.accept();
                socket.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                return socket;
            });
            RemoteProperties properties = new RemoteProperties(
                    true,
                    List.of("*"),
                    true,
                    Set.of(slow.getLocalPort()),
                    List.of("127.0.0.0/8"),
                    Duration.ofMillis(200),
                    1);
            try (RemoteImages images = images(properties, host -> loopback())) {
                assertThat(refused(
                                images,
                                "http://photos.example:%d/".formatted(slow.getLocalPort()),
                                Reason.UNREADABLE_IMAGE))
                        .contains("within 200 ms");
            }
        }
    }

    @Test
    void aServerThatDripsBytesIsLeftWhenTheTimeIsOver() throws Exception {
        handler = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (!Thread.currentThread().isInterrupted()) {
                    body.write('x');
                    body.flush();
                    Thread.onSpinWait();
                }
            }
        };
        RemoteProperties properties = new RemoteProperties(
                true, List.of("*"), true, Set.of(port()), List.of("127.0.0.0/8"), Duration.ofMillis(300), 1);
        ImageProperties roomy =
                new ImageProperties(DataSize.ofGigabytes(1), 1_000_000, 20_000, null, ImageProperties.Heif.OFF);
        try (RemoteImages images = new RemoteImages(properties, roomy, host -> loopback())) {
            refused(images, url("photos.example", "/"), Reason.UNREADABLE_IMAGE);
        }
    }

    @Test
    void whereUrlsAreOffTheErrorSaysSo() throws Exception {
        RemoteProperties off =
                new RemoteProperties(false, List.of(), false, Set.of(443), List.of(), Duration.ofSeconds(5), 8);
        try (RemoteImages images = images(off, host -> loopback())) {
            assertThat(refused(images, "https://photos.example/", Reason.INVALID_PARAMETER))
                    .contains("captioner.remote.enabled");
        }
    }

    private RemoteProperties remote(List<String> networks, String hosts) {
        return new RemoteProperties(true, List.of(hosts), true, Set.of(port()), networks, Duration.ofSeconds(5), 8);
    }

    private static RemoteImages images(RemoteProperties properties, RemoteAddresses.HostResolver resolver) {
        return new RemoteImages(properties, LIMITS, resolver);
    }

    private static String refused(RemoteImages images, String url, Reason reason) {
        CaptionFailure failure = catchThrowableOfType(CaptionFailure.class, () -> images.fetch(url, 3));
        assertThat(failure).as(url).isNotNull();
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        assertThat(failure.image()).isEqualTo(3);
        return failure.getMessage();
    }

    private static InetAddress[] zone(String host) throws UnknownHostException {
        String address = ZONE.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getAllByName(address);
    }

    private static InetAddress[] loopback() {
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String url(String host, String path) {
        return "http://%s:%d%s".formatted(host, port(), path);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
