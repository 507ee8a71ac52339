package io.captioner.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.model.CaptionModel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

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

    /**
     * A loaded model that counts its leases: it is closed once, when it is retired and the last lease is released. Safe for
     * use by several threads.
     */
    static final class ServedModel {
        private final String name;
        private final String version;
        private final String bundleSha256;
        private final CaptionModel model;

        @GuardedBy("this") private int leases;

        @GuardedBy("this") private boolean retired;

        ServedModel(String name, String version, String bundleSha256, CaptionModel model) {
            this.name = name;
            this.version = version;
            this.bundleSha256 = bundleSha256;
            this.model = model;
        }

        String version() {
            return version;
        }

        String bundleSha256() {
            return bundleSha256;
        }

        CaptionModel model() {
            return model;
        }

        ModelStatus status() {
            return new ModelStatus(name, version, ModelStatus.State.READY, "", bundleSha256, model.device());
        }

        /** Returns a new lease, or null if the model is retired. */
        synchronized @Nullable ModelLease lease() {
            if (retired) {
                return null;
            }
            leases++;
            return new ModelLease(this);
        }

        /** Releases one lease; called once for each. */
        void release() {
            boolean last;
            synchronized (this) {
                leases--;
                last = retired && leases == 0;
            }
            if (last) {
                model.close();
            }
        }

        /** Grants no more leases; the model is closed now or with its last lease. */
        void retire() {
            boolean unused;
            synchronized (this) {
                unused = !retired && leases == 0;
                retired = true;
            }
            if (unused) {
                model.close();
            }
        }
    }
}
