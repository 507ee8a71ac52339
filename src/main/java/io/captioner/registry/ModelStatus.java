package io.captioner.registry;

import io.captioner.model.CaptionModel;

/**
 * The status of one version of one model.
 *
 * @param name the bundle's name
 * @param version the bundle's version
 * @param state whether it can be used
 * @param reason why it was refused, with paths relative to the directory of the bundles; or the empty string
 * @param bundleSha256 SHA-256 of the manifest, which holds the hashes of all other files; empty if it cannot be read
 * @param device where it runs once loaded, as in {@link CaptionModel#device}, or the empty string
 */
public record ModelStatus(String name, String version, State state, String reason, String bundleSha256, String device) {

    /** Whether a version can be used. */
    public enum State {
        /** It is new: being copied, verified, loaded or warmed. */
        LOADING,
        /** It is served. */
        READY,
        /** It is broken and not used until its files change; the reason says how. */
        REFUSED,
        /** A newer version is served, or about to be; this one is promoted when all newer ones are removed. */
        SUPERSEDED
    }
}
