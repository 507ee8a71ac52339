package io.captioner.caption;

import io.captioner.model.Bundle;
import io.captioner.model.DecodeOptions;

/**
 * What makes two findings the same: the bytes of the file, the bundle, and how captions are searched for.
 *
 * @param content SHA-256 of the uploaded file
 * @param bundle SHA-256 of the bundle's manifest
 * @param options the search
 */
record ResultKey(String content, String bundle, DecodeOptions options) {
    static ResultKey of(byte[] content, String bundle, DecodeOptions options) {
        return new ResultKey(Bundle.sha256(content), bundle, options);
    }
}
