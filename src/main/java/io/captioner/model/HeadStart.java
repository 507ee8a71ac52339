package io.captioner.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Loads bundles before anybody asks for them, one after the other on a thread of its own. Whoever then asks gets the
 * same as from loading at that moment. Safe for use by several threads.
 */
final class HeadStart implements BundleLoader {
    private final BundleLoader loader;
    private final Map<Path, Begun> begun = new ConcurrentHashMap<>();

    HeadStart(BundleLoader loader) {
        this.loader = loader;
    }

    /** A bundle that is being loaded, and what its files looked like before. */
    private record Begun(Fingerprint files, CompletableFuture<CaptionModel> model) {}

    /** Begins to load the newest version of every name under a directory. */
    void begin(Path root) {
        ModelStore store = new ModelStore(root);
        ExecutorService thread = Executors.newSingleThreadExecutor(loading -> {
            Thread daemon = new Thread(loading, "head-start");
            daemon.setDaemon(true);
            return daemon;
        });
        store.versions().forEach((name, newestFirst) -> {
            Path bundle = store.directory(name, newestFirst.get(0));
            begun.put(
                    bundle,
                    new Begun(
                            Fingerprint.of(bundle), CompletableFuture.supplyAsync(() -> loader.load(bundle), thread)));
        });
        thread.shutdown();
    }

    /** Waits for the bundle if it was begun and has not changed since, and loads it if not. */
    @Override
    public CaptionModel load(Path bundle) {
        Begun ahead = begun.remove(bundle);
        if (ahead == null) {
            return loader.load(bundle);
        }
        if (!ahead.files.equals(Fingerprint.of(bundle))) {
            ahead.model.thenAccept(CaptionModel::close);
            return loader.load(bundle);
        }
        try {
            return ahead.model.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure.getCause();
        }
    }
}
