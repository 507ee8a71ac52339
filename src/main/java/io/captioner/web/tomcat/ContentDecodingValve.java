package io.captioner.web.tomcat;

import io.captioner.web.ClientConnection;
import io.captioner.web.ContentEncoding;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.InputBuffer;

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
}
