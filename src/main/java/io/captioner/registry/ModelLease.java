package io.captioner.registry;

import io.captioner.model.CaptionModel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to use a model until the lease is closed. Until then the model stays open, also when a newer version has
 * replaced it; the holder of the lease does not close the model itself.
 */
public final class ModelLease implements AutoCloseable {
    private final ServedModel served;
    private final AtomicBoolean closed = new AtomicBoolean();

    ModelLease(ServedModel served) {
        this.served = served;
    }

    /** Returns the model; not to be used after {@link #close}. */
    public CaptionModel model() {
        return served.model();
    }

    /** Returns the SHA-256 of the bundle's manifest, which holds the hashes of all other files. */
    public String bundleSha256() {
        return served.bundleSha256();
    }

    /** Releases the model; a second call does nothing. The last lease of a replaced model frees its memory. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            served.release();
        }
    }
}
