package io.captioner.image;

import java.io.IOException;
import java.util.Objects;
import javax.imageio.IIOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A decoder's view of a byte array that stops it from reading on past the end: some take the missing bytes for zeros
 * and would go on for minutes. A few such reads are borne, as decoders look ahead. For one thread.
 */
final class EndedInput extends ImageInputStreamImpl {
    private static final int MAX_READS_PAST_END = 64;

    private final byte[] content;
    private int readsPastEnd;

    /** A view of the content, which is neither copied nor changed. */
    EndedInput(byte[] content) {
        this.content = content;
    }

    @Override
    public int read() throws IOException {
        checkClosed();
        bitOffset = 0;
        return streamPos < content.length ? content[(int) streamPos++] & 0xff : end();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        checkClosed();
        Objects.checkFromIndexSize(offset, length, target.length);
        bitOffset = 0;
        if (length == 0) {
            return 0;
        }
        int available = (int) Math.min(length, content.length - streamPos);
        if (available <= 0) {
            return end();
        }
        System.arraycopy(content, (int) streamPos, target, offset, available);
        streamPos += available;
        return available;
    }

    @Override
    public long length() {
        return content.length;
    }

    private int end() throws IIOException {
        if (++readsPastEnd > MAX_READS_PAST_END) {
            throw new IIOException("read past the end of the file");
        }
        return -1;
    }
}
