package io.captioner.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Whole HTTP/1.1 requests as the bytes that go over the wire. */
final class Requests {
    /** The key {@code bench.key}, for a server that asks for one; empty without it. */
    static final String KEY = System.getProperty("bench.key", "").strip();

    /** The header with {@link #KEY}; empty without one. */
    static final String KEY_HEADER = KEY.isEmpty() ? "" : "X-API-Key: " + KEY + "\r\n";

    private Requests() {}

    static byte[] get(String path) {
        return ascii("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + KEY_HEADER + "\r\n");
    }

    static byte[] post(String path) {
        return ascii("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + KEY_HEADER + "Content-Length: 0\r\n\r\n");
    }

    /** Returns a photo as the raw body of {@code POST /captions}. */
    static byte[] photo(byte[] photo) {
        return captions("image/jpeg", photo);
    }

    static byte[] captions(String contentType, byte[] body) {
        return join(captionsHead(contentType, body.length), body);
    }

    static byte[] captionsHead(String contentType, long contentLength) {
        return ascii("POST /captions HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(KEY_HEADER, contentType, contentLength));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
