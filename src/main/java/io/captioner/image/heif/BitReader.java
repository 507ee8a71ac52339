package io.captioner.image.heif;

import io.captioner.image.format.ByteView;
import io.captioner.image.format.UnreadableImageException;

/** Bits of a video header, the highest of a byte first; reading past the end refuses the image. For one thread. */
final class BitReader {
    private final ByteView view;
    private int at;

    BitReader(ByteView view) {
        this.view = view;
    }

    /** Returns the next bits, at most 32, as an unsigned number. */
    long bits(int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 1 | (view.u8(at >> 3) >> 7 - (at & 7) & 1);
            at++;
        }
        return value;
    }

    boolean flag() {
        return bits(1) == 1;
    }

    void skip(int count) {
        at += count;
    }

    /** Returns the next Exp-Golomb number (H.265, section 9.2; AV1's uvlc is the same). */
    long exponential() {
        int zeros = 0;
        while (!flag()) {
            if (++zeros > 31) {
                throw UnreadableImageException.damaged("a number in its video header is damaged");
            }
        }
        return (1L << zeros) - 1 + bits(zeros);
    }
}
