package io.captioner.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One kept-alive HTTP/1.1 connection to this machine: whole requests as bytes in, answers out, one at a time. It does
 * as little as it can, because it shares its processors with the server that it measures. For one thread.
 */
final class Connection implements Closeable {
    static final int OK = 200;

    private static final int CONNECT_MILLIS = 10_000;
    private static final int LINE_LIMIT = 16_384;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final int port;
    private final Duration timeout;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean closedByServer;

    /**
     * An answer over HTTP.
     *
     * @param headers by name in lower case
     */
    @SuppressWarnings("ArrayRecordComponent") // read once
    record Response(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** Returns the best caption of the first image of {@code POST /captions}; for an error, its status and body. */
        String caption() {
            return status == OK
                    ? json().at("/results/0/captions/0/text").asString()
                    : "%d %s".formatted(status, text());
        }

        String modelVersion() {
            return status == OK ? json().at("/model/version").asString() : "none: %d".formatted(status);
        }

        private JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    /** @param timeout how long a read waits for the next byte */
    Connection(int port, Duration timeout) throws IOException {
        this.port = port;
        this.timeout = timeout;
        open();
    }

    private void open() throws IOException {
        socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), LINE_LIMIT);
            out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a request and waits for its answer, on a new connection if the server announced the end of this one. */
    Response exchange(byte[] request) throws IOException {
        if (closedByServer) {
            close();
            open();
        }
        send(request);
        Response response = receive();
        closedByServer = "close".equalsIgnoreCase(response.headers().get("connection"));
        return response;
    }

    void send(byte[] request) throws IOException {
        out.write(request);
    }

    /** Tells the server that nothing more will be sent; answers can still be received. */
    void finishSending() throws IOException {
        socket.shutdownOutput();
    }

    /** Waits for an answer to begin, or for the connection to end; returns whether either happened in this time. */
    boolean awaitAnswer(Duration time) throws IOException {
        int usual = socket.getSoTimeout();
        socket.setSoTimeout(Math.toIntExact(time.toMillis()));
        try {
            in.mark(1);
            in.read();
            in.reset();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            socket.setSoTimeout(usual);
        }
    }

    /** @throws IOException if the connection ends before an answer does, or what comes is no HTTP */
    Response receive() throws IOException {
        Response response;
        do {
            response = receiveOne();
        } while (response.status() < OK); // 100 Continue and its like
        return response;
    }

    private Response receiveOne() throws IOException {
        int status = status(line());
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return new Response(status, headers, body(status, headers));
    }

    private byte[] body(int status, Map<String, String> headers) throws IOException {
        if (status < OK || status == NO_CONTENT || status == NOT_MODIFIED) {
            return new byte[0];
        }
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            return chunks();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(exactly(size));
            line();
        }
        while (!line().isEmpty()) {
            continue; // trailers
        }
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        String line = line();
        int extension = line.indexOf(';');
        return Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection ended after %d of %d bytes".formatted(bytes.length, length));
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() == LINE_LIMIT) {
                throw new EOFException("the connection ended before the answer did");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static int status(String line) throws IOException {
        String[] words = line.split(" ", 3);
        try {
            return Integer.parseInt(words[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException("not an HTTP status line: '%s'".formatted(line), e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
