package io.captioner.registry;

import io.captioner.model.CaptionModel;
import io.captioner.model.djl.DjlEngine;
import io.captioner.model.djl.NativeEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Loads bundles before they are needed, one after the other: the rest of the service takes about as long to start, and
 * can do so on another core. {@link #load} returns the same as loading at that moment. Safe for use by several threads.
 */
public final class ModelPreloader implements CaptionModel.Loader, AutoCloseable {
    private static final String NAME = "modelPreloader";

    private final CaptionModel.Loader loader;
    private final Map<Path, Begun> begun = new ConcurrentHashMap<>();
    private final List<CompletableFuture<?>> inProgress = new ArrayList<>();
    private volatile boolean closed;

    ModelPreloader(CaptionModel.Loader loader) {
        this.loader = loader;
    }

    /** Sets TensorFlow's log level, and starts to load the models as soon as the properties are known. */
    public static void start(ConfigurableApplicationContext context) {
        NativeEnvironment.setLogLevel(context.getEnvironment());
        if (context.getEnvironment().matchesProfiles("training")) {
            return;
        }
        ModelProperties properties;
        try {
            properties =
                    Binder.get(context.getEnvironment()).bindOrCreate(ModelProperties.PREFIX, ModelProperties.class);
        } catch (BindException invalid) {
            return; // the context refuses them later, with a message
        }
        ModelPreloader preloader = new ModelPreloader(properties.loader());
        preloader.begin(properties.directory(), () -> DjlEngine.start(properties.devices()));
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        beans.registerSingleton(NAME, preloader);
        beans.registerDisposableBean(NAME, preloader::close);
    }

    /** A bundle that is being loaded, and the fingerprint of its files before. */
    private record Begun(Fingerprint files, CompletableFuture<CaptionModel> model) {}

    /**
     * Starts to load the newest version of every name under a directory; called once.
     *
     * @param engine run beside the first of them: starts the engine, which takes as long as verifying a bundle. Its
     *     failure is thrown again to callers that need the engine
     */
    void begin(Path root, Runnable engine) {
        Executor threads = work -> {
            Thread thread = new Thread(work, "model-preload");
            thread.setDaemon(true);
            thread.start();
        };
        inProgress.add(CompletableFuture.runAsync(engine, threads));
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
            inProgress.add(model);
            before = model;
        }
    }

    /**
     * Waits for the bundle if it is being loaded and has not changed since, and loads it if not.
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
     * Starts no more loads, waits for those in progress, and closes the models that were not used: a process that ends
     * while TensorFlow runs in it may crash.
     */
    @Override
    public void close() {
        closed = true;
        inProgress.forEach(work -> work.handle((done, failure) -> done).join());
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
