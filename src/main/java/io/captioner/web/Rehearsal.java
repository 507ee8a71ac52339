package io.captioner.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Sends photos to the service's own port before it is ready, so that the classes of the whole way of a request are
 * loaded and compiled: the connection, admission, each image format, batches, JSON and an error. Runs after the models
 * have been loaded. It ends at the first answer that is not the expected one, and never fails the start. With TLS, or
 * without a server, it does nothing.
 */
@Component
@Profile("!training")
@EnableConfigurationProperties(RehearsalProperties.class)
final class Rehearsal implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

    /** Drawn ovals on a gradient, 224 and 48 pixels wide, as ImageIO writes them; the WebP is one colour. */
    private static final Map<String, String> FORMATS = Map.of(
            "rehearsal.gif", "image/gif",
            "rehearsal.jpg", "image/jpeg",
            "rehearsal.png", "image/png",
            "rehearsal.webp", "image/webp");

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The start of a JPEG, and a comment of four bytes that follows it. */
    private static final int START_BYTES = 2;

    private static final byte[] COMMENT = {(byte) 0xFF, (byte) 0xFE, 0, 6};

    private final RehearsalProperties properties;
    private final RehearsalToken token;
    private final Environment environment;

    Rehearsal(RehearsalProperties properties, RehearsalToken token, Environment environment) {
        this.properties = properties;
        this.token = token;
        this.environment = environment;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        String port = environment.getProperty("local.server.port");
        if (port == null
                || properties.requests() == 0
                || environment.containsProperty("server.ssl.bundle")
                || environment.containsProperty("server.ssl.key-store")
                || environment.containsProperty("server.ssl.certificate")) {
            return;
        }
        String secret = token.begin();
        try {
            sendRequests(address(port), secret);
        } catch (IOException | RuntimeException failure) {
            log.warn(
                    "the first answers may be slow: the service could not send itself requests before the start ({})",
                    failure.toString());
        } finally {
            token.end();
        }
    }

    private void sendRequests(URI captions, String secret) throws IOException {
        for (Map.Entry<String, String> format : FORMATS.entrySet()) {
            if (send(captions, secret, format.getValue(), resource(format.getKey())) != HttpStatus.OK.value()) {
                return; // no model is ready
            }
        }
        send(URI.create(captions + "?rehearsal="), secret, "image/jpeg", new byte[1]);
        byte[] photo = resource("rehearsal.jpg");
        AtomicInteger left = new AtomicInteger(properties.requests());
        AtomicBoolean failed = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < properties.clients(); client++) {
            Thread thread = new Thread(
                    () -> {
                        for (int i = left.decrementAndGet(); i >= 0 && !failed.get(); i = left.decrementAndGet()) {
                            failed.compareAndSet(false, !isCaptioned(captions, secret, numbered(photo, i)));
                        }
                    },
                    "rehearsal");
            thread.setDaemon(true);
            thread.start();
            clients.add(thread);
        }
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException stopped) {
            failed.set(true);
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isCaptioned(URI captions, String secret, byte[] photo) {
        try {
            return send(captions, secret, "image/jpeg", photo) == HttpStatus.OK.value();
        } catch (IOException failure) {
            log.debug("a request of the rehearsal failed", failure);
            return false;
        }
    }

    private static int send(URI captions, String secret, String type, byte[] photo) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) captions.toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod("POST");
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        connection.setRequestProperty("Content-Type", type);
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty(RehearsalToken.HEADER, secret);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(photo.length);
        try (OutputStream body = connection.getOutputStream()) {
            body.write(photo);
        }
        int status = connection.getResponseCode();
        try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            if (answer != null) {
                answer.readAllBytes();
            }
        }
        return status;
    }

    /** Returns another file of the same picture: a file that was captioned before is answered from the cache. */
    private static byte[] numbered(byte[] jpeg, int number) {
        return ByteBuffer.allocate(jpeg.length + COMMENT.length + Integer.BYTES)
                .put(jpeg, 0, START_BYTES)
                .put(COMMENT)
                .putInt(number)
                .put(jpeg, START_BYTES, jpeg.length - START_BYTES)
                .array();
    }

    private URI address(String port) throws IOException {
        String configured = environment.getProperty("server.address", "");
        InetAddress host = InetAddress.getByName(configured);
        InetAddress reached = host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host;
        String literal = reached.getHostAddress().contains(":")
                ? "[" + reached.getHostAddress() + "]"
                : reached.getHostAddress();
        return URI.create("http://%s:%s%s%s"
                .formatted(
                        literal, port, environment.getProperty("server.servlet.context-path", ""), ImageUploads.PATH));
    }

    private static byte[] resource(String name) {
        try (InputStream in = Rehearsal.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("bug: the program lacks its resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
