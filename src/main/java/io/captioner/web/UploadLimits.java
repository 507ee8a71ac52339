package io.captioner.web;

import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;

/** The limits on uploads, each computed from {@code captioner.image.max-bytes} and {@code max-images}. */
public final class UploadLimits {
    /** Images up to this size stay in memory; larger ones wait on the disk until they are decoded. */
    public static final int BYTES_IN_MEMORY = 1 << 18;

    /**
     * Bytes of a part's headers: a file name of 255 characters takes 3060 bytes where each is percent-encoded UTF-8 of
     * four bytes, and it may be there twice, as {@code filename} and as {@code filename*}.
     */
    public static final int PART_HEADER_BYTES = 8192;

    /** Parts beside the images: one for each parameter, and some more, so that the error can name the limit. */
    private static final int OTHER_PARTS = 64;

    private static final int BASE64_LINE = 78;
    private static final int BYTES_OF_BASE64_LINE = 57;

    /**
     * How many times the limit a body may have and still be read to its end, so that its client receives the answer.
     */
    private static final int SWALLOWED = 16;

    private UploadLimits() {}

    /** Returns the most parts of a multipart body. */
    public static int parts(RequestProperties requests) {
        return requests.maxImages() + OTHER_PARTS;
    }

    /** Returns the most bytes of a whole body, decoded. */
    public static long requestBytes(ImageProperties images, RequestProperties requests) {
        return images.maxBytes().toBytes() * requests.maxImages() + (long) parts(requests) * PART_HEADER_BYTES;
    }

    /**
     * Returns the most bytes of a part: base64 with line ends has 78 for each 57 of a photo. Other parts have a lower
     * limit.
     */
    public static long partBytes(ImageProperties images) {
        return images.maxBytes().toBytes() * BASE64_LINE / BYTES_OF_BASE64_LINE + BASE64_LINE;
    }

    /** Returns the most bytes of a body that are read only so that its client receives the answer. */
    public static long swallowedBytes(ImageProperties images) {
        return SWALLOWED * images.maxBytes().toBytes();
    }
}
