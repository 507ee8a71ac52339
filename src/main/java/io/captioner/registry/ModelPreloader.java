package io.captioner.registry;

import io.captioner.model.BundleLoader;
import io.captioner.model.CaptionModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Loads bundles before anybody asks for them, one after the other. Whoever then asks gets the same as from loading at
 * that moment. Safe for use by several threads.
 */
final class ModelPreloader implements BundleLoader, AutoCloseable {
    private final BundleLoader loader;
    private final Map<Path, Begun> begun = new ConcurrentHashMap<>();
    private final List<CompletableFuture<?>> underWay = new ArrayList<>();
    private volatile boolean closed;

    ModelPreloader(BundleLoader loader) {
        this.loader = loader;
    }

    /** A bundle that is being loaded, and what its files looked like before. */
    private record Begun(Fingerprint files, CompletableFuture<CaptionModel> model) {}

    /**
     * Begins to load the newest version of every name under a directory; called once.
     *
     * @param engine run beside the first of them: starts the engine, which takes as long as verifying a bundle. If it
     *     fails, whoever needs the engine meets the failure again
     */
    void begin(Path root, Runnable engine) {
        Executor threads = work -> {
            Thread thread = new Thread(work, "head-start");
            thread.setDaemon(true);
            thread.start();
        };
        underWay.add(CompletableFuture.runAsync(engine, threads));
        ModelRepository store = new ModelRepository(root);
        CompletableFuture<?> before = CompletableFuture.completedFuture(null);
        for (Map.Entry<String, List<String>> newestFirst :
                store.list().versions().entrySet()) {
            Path bundle =
                    store.directory(newestFirst.getKey(), newestFirst.getValue().get(0));
            Fingerprint files = Fingerprint.of(bundle);
            CompletableFuture<CaptionModel> model =
                    before.handleAsync((done, failure) -> loadUnlessClosed(bundle), threads);
            begun.put(bundle, new Begun(files, model));
            underWay.add(model);
            before = model;
        }
    }

    /**
     * Waits for the bundle if it was begun and has not changed since, and loads it if not.
     *
     * @throws IllegalStateException once this is closed
     */
    @Override
    public CaptionModel load(Path bundle) {
        Begun ahead = begun.remove(bundle);
        if (ahead == null) {
            return loadUnlessClosed(bundle);
        }
        if (!ahead.files.equals(Fingerprint.of(bundle))) {
            close(ahead);
            return loadUnlessClosed(bundle);
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

    /**
     * Begins nothing more, waits for what is under way, and closes what nobody has taken: a process that ends while
     * TensorFlow works in it may crash.
     */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(work -> work.handle((done, failure) -> done).join());
        begun.values().forEach(ModelPreloader::close);
        begun.clear();
    }

    private CaptionModel loadUnlessClosed(Path bundle) {
        if (closed) {
            throw new IllegalStateException("the service is being stopped");
        }
        return loader.load(bundle);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // of a bundle that failed to load there is nothing to close
    private static void close(Begun ahead) {
        ahead.model.thenAccept(CaptionModel::close);
    }
}
