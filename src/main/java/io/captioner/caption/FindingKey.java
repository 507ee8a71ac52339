package io.captioner.caption;

import io.captioner.model.DecodeOptions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What makes two findings the same: the bytes of the file, the bundle, and how captions are searched for.
 *
 * @param content SHA-256 of the uploaded file
 * @param bundle SHA-256 of the bundle's manifest
 * @param options the search
 */
record FindingKey(String content, String bundle, DecodeOptions options) {
    static FindingKey of(byte[] content, String bundle, DecodeOptions options) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new FindingKey(HexFormat.of().formatHex(digest), bundle, options);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("bug: every Java platform has SHA-256", e);
        }
    }
}
