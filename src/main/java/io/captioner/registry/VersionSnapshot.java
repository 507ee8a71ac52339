package io.captioner.registry;

import io.captioner.model.Bundle;
import io.captioner.registry.ModelLease.ServedModel;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One version directory as the last scan found it.
 *
 * @param version the name of the directory
 * @param files fingerprint of its files
 * @param bundleSha256 SHA-256 of its manifest, or the empty string
 * @param settled whether the scan before found the same files
 * @param refusal why these files were refused, null if they were not
 */
record VersionSnapshot(
        String version,
        Fingerprint files,
        String bundleSha256,
        boolean settled,
        @Nullable String refusal) {
    /** Scans a directory; what was known of it stays while its files are the same. */
    static VersionSnapshot at(Path directory, String version, @Nullable VersionSnapshot before) {
        Fingerprint files = Fingerprint.of(directory);
        if (before != null && before.files.equals(files)) {
            return new VersionSnapshot(version, files, before.bundleSha256, true, before.refusal);
        }
        return new VersionSnapshot(version, files, manifestHash(directory), false, null);
    }

    VersionSnapshot refused(String reason) {
        return new VersionSnapshot(version, files, bundleSha256, settled, reason);
    }

    boolean isOf(ServedModel served) {
        return version.equals(served.version()) && bundleSha256.equals(served.bundleSha256());
    }

    ModelStatus status(String name, ModelStatus.State state) {
        return new ModelStatus(name, version, state, refusal == null ? "" : refusal, bundleSha256, "");
    }

    private static String manifestHash(Path directory) {
        try {
            return Bundle.sha256(directory.resolve(Bundle.MANIFEST));
        } catch (IOException vanished) {
            return "";
        }
    }
}
