package io.captioner.training.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A web server on the loopback with the faults that servers have. */
final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> cuts = Collections.synchronizedList(new ArrayList<>());
    volatile @Nullable String etag = "\"one\"";
    volatile @Nullable String lastModified;
    volatile boolean knowsRanges = true;
    volatile boolean heedsIfRange = true;

    FileServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    void put(String path, byte[] content) {
        files.put(path, content);
    }

    /** The next answers have these statuses and no content. */
    void failWith(Integer... statuses) {
        failures.addAll(List.of(statuses));
    }

    /** The next answers end after so many bytes. */
    void cutAfter(Integer... bytes) {
        cuts.addAll(List.of(bytes));
    }

    /** Returns path, Range and If-Range of each request. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        requests.add(range == null ? path : path + " " + range + " " + ifRange);
        byte[] content = files.get(path);
        if (!failures.isEmpty() || content == null) {
            exchange.sendResponseHeaders(content == null ? 404 : failures.remove(0), -1);
            exchange.close();
            return;
        }
        header(exchange, "ETag", etag);
        header(exchange, "Last-Modified", lastModified);
        boolean same = !heedsIfRange || ifRange == null || ifRange.equals(etag) || ifRange.equals(lastModified);
        int start = range != null && knowsRanges && same
                ? Integer.parseInt(range.substring("bytes=".length(), range.length() - 1))
                : 0;
        send(exchange, content, start);
    }

    private void send(HttpExchange exchange, byte[] content, int start) throws IOException {
        if (start >= content.length) {
            header(exchange, "Content-Range", "bytes */" + content.length);
            exchange.sendResponseHeaders(416, -1);
            exchange.close();
            return;
        }
        if (start > 0) {
            header(exchange, "Content-Range", "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
        }
        int left = content.length - start;
        exchange.sendResponseHeaders(start > 0 ? 206 : 200, left);
        exchange.getResponseBody().write(content, start, cuts.isEmpty() ? left : Math.min(left, cuts.remove(0)));
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private static void header(HttpExchange exchange, String name, @Nullable String value) {
        if (value != null) {
            exchange.getResponseHeaders().add(name, value);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
