package io.captioner;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One TCP connection to the service, for what no HTTP library lets a test do. */
public final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;

    public RawConnection(int port) throws IOException {
        socket = new Socket("localhost", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    /** Sends the head of a request for captions. */
    public void head(String contentType, int contentLength, String... headers) throws IOException {
        StringBuilder head = new StringBuilder("POST /captions HTTP/1.1\r\nHost: localhost\r\n")
                .append("Content-Type: %s\r\nContent-Length: %d\r\n".formatted(contentType, contentLength));
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        send(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    public void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** Sends a whole request for the captions of one image. */
    public void post(byte[] image) throws IOException {
        head("image/png", image.length);
        send(image);
    }

    /** Returns whether some of an answer, or the end of the connection, has come. */
    public boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** Reads the status of the next answer, and its headers and body past; empty if the connection ended. */
    public String answer() throws IOException {
        InputStream in = socket.getInputStream();
        String status = line(in);
        int length = 0;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
            chunked |= lower.startsWith("transfer-encoding: chunked");
        }
        StringBuilder body = new StringBuilder();
        if (chunked) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
                line(in);
            }
            line(in);
        } else {
            body.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        }
        return status + "\n" + body;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
