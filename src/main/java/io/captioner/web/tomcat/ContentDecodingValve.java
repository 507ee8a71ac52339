package io.captioner.web.tomcat;

import io.captioner.web.ClientConnection;
import io.captioner.web.ContentEncoding;
import jakarta.servlet.ServletException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses request bodies on the wire, so that every reader, also Tomcat's own of multipart bodies, sees the
 * decoded bytes. It decodes no more than is read: the limits on uploads hold for decoded bytes, and what lies beyond
 * them is never decoded.
 */
final class ContentDecodingValve extends ValveBase {
    private static final String CONTENT_LENGTH = "Content-Length";

    private final long mostEncoded;

    /** @param mostEncoded most encoded bytes of a body; a stream that holds no data has no other end */
    ContentDecodingValve(long mostEncoded) {
        super(true);
        this.mostEncoded = mostEncoded;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        ContentEncoding encoding = ContentEncoding.of(request.getHeaders(ContentEncoding.HEADER));
        ClientConnection connection = ClientConnection.of(request);
        if (connection == null || encoding == ContentEncoding.IDENTITY || encoding == ContentEncoding.UNSUPPORTED) {
            getNext().invoke(request, response);
            return;
        }
        org.apache.coyote.Request wire = request.getCoyoteRequest();
        InputBuffer encoded = wire.getInputBuffer();
        // It is the length of what is encoded.
        wire.getMimeHeaders().removeHeader(CONTENT_LENGTH);
        wire.setContentLength(-1);
        try (DecodedBody decoded = new DecodedBody(encoded, encoding, mostEncoded, connection)) {
            wire.setInputBuffer(decoded);
            getNext().invoke(request, response);
        } finally {
            wire.setInputBuffer(encoded);
        }
    }

    /**
     * A compressed body that is decoded as it is read. Data that cannot be decoded ends it early, and its connection
     * records why. (A read that failed would make Tomcat answer by itself.) For one thread.
     */
    static final class DecodedBody implements InputBuffer, AutoCloseable {
        private static final int BUFFER = 8192;
        private static final int ZLIB_METHOD = 8;
        private static final int ZLIB_CHECK = 31;

        private final EncodedStream encoded;
        private final ContentEncoding encoding;
        private final ClientConnection connection;
        private final byte[] buffer = new byte[BUFFER];
        private @Nullable Inflater inflater;
        private @Nullable InputStream decoder;
        private boolean ended;

        /**
         * A body of which nothing has been read.
         *
         * @param mostEncoded most bytes that are read of the encoded body
         * @param connection records why the body ends early, and its first bytes
         */
        DecodedBody(InputBuffer body, ContentEncoding encoding, long mostEncoded, ClientConnection connection) {
            this.encoded = new EncodedStream(body, mostEncoded);
            this.encoding = encoding;
            this.connection = connection;
            connection.decodes();
        }

        @Override
        public int doRead(ApplicationBufferHandler handler) throws IOException {
            int read = ended ? -1 : decode();
            if (read < 0) {
                ended = true;
                return -1;
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
            connection.received(bytes);
            handler.setByteBuffer(bytes);
            return read;
        }

        private int decode() throws IOException {
            try {
                if (decoder == null) {
                    if (encoded.available() == 0) {
                        return -1;
                    }
                    decoder = open();
                }
                int read = decoder.read(buffer);
                if (read < 0) {
                    // A disconnect can only be detected once the whole body has been read.
                    encoded.skipAll();
                }
                return read;
            } catch (TooLongException tooLong) {
                connection.bodyEnds(ClientConnection.BodyFault.TOO_MANY_BYTES);
                return -1;
            } catch (ZipException | EOFException damaged) {
                connection.bodyEnds(ClientConnection.BodyFault.UNDECODABLE);
                return -1;
            }
        }

        private InputStream open() throws IOException {
            if (encoding == ContentEncoding.GZIP) {
                return new GZIPInputStream(encoded, BUFFER);
            }
            PushbackInputStream start = new PushbackInputStream(encoded, 2);
            byte[] two = start.readNBytes(2);
            start.unread(two);
            inflater = new Inflater(!isZlib(two));
            return new InflaterInputStream(start, inflater, BUFFER);
        }

        /** Whether these are the first two bytes of the zlib format (RFC 1950, section 2.2). */
        private static boolean isZlib(byte[] two) {
            return two.length == 2
                    && (two[0] & 0x0f) == ZLIB_METHOD
                    && ((two[0] & 0xff) << Byte.SIZE | two[1] & 0xff) % ZLIB_CHECK == 0;
        }

        @Override
        public int available() {
            return ended ? 0 : 1;
        }

        @Override
        public void close() throws IOException {
            if (decoder != null) {
                decoder.close();
            }
            if (inflater != null) {
                inflater.end();
            }
        }

        private static final class TooLongException extends IOException {
            private static final long serialVersionUID = 1L;
        }

        /** The encoded body as a stream. {@link #available()} is 0 only at its end, as several members of gzip require. */
        private static final class EncodedStream extends InputStream implements ApplicationBufferHandler {
            private final InputBuffer body;
            private final long most;
            private ByteBuffer bytes = ByteBuffer.allocate(0);
            private long total;

            EncodedStream(InputBuffer body, long most) {
                this.body = body;
                this.most = most;
            }

            @Override
            public int read() throws IOException {
                return fill() ? bytes.get() & 0xff : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (!fill()) {
                    return -1;
                }
                int read = Math.min(length, bytes.remaining());
                bytes.get(into, offset, read);
                return read;
            }

            @Override
            public int available() throws IOException {
                return fill() ? bytes.remaining() : 0;
            }

            void skipAll() throws IOException {
                while (fill()) {
                    bytes.position(bytes.limit());
                }
            }

            private boolean fill() throws IOException {
                while (!bytes.hasRemaining()) {
                    int read = body.doRead(this);
                    if (read < 0) {
                        return false;
                    }
                    total += read;
                    if (total > most) {
                        throw new TooLongException();
                    }
                }
                return true;
            }

            @Override
            public void setByteBuffer(ByteBuffer buffer) {
                bytes = buffer;
            }

            @Override
            public ByteBuffer getByteBuffer() {
                return bytes;
            }

            @Override
            public void expand(int size) {}
        }
    }
}
