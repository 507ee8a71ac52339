package io.captioner.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that the service answers with: the newest good version of every bundle under one directory. Safe for use
 * by several threads at once.
 */
public final class ModelRegistry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelRegistry.class);

    private final ModelStore store;
    private final @Nullable String defaultName;
    private final BundleLoader loader;
    private final Map<String, ModelStatus> statuses = new LinkedHashMap<>(); // guarded by itself

    private volatile Map<String, CaptionModel> ready = Map.of();
    private volatile boolean loaded;

    /**
     * Makes an empty registry; nothing is loaded before {@link #load}.
     *
     * @param root directory of the bundles, {@code <name>/<version>/captioner.json}; may be missing
     * @param defaultName name of the model to answer with when none is named, or null for the first name
     * @param loader what makes a model of a bundle directory
     */
    public ModelRegistry(Path root, @Nullable String defaultName, BundleLoader loader) {
        this.store = new ModelStore(root);
        this.defaultName = defaultName;
        this.loader = loader;
    }

    /**
     * Loads the newest version of every name that is not loaded yet. A broken version is logged and kept as refused,
     * and the next older one is tried; one name's failure does not touch another's.
     */
    public synchronized void load() {
        Map<String, CaptionModel> models = new TreeMap<>(ready);
        store.versions().forEach((name, versions) -> {
            if (!models.containsKey(name)) {
                CaptionModel model = newestGood(name, versions);
                if (model != null) {
                    models.put(name, model);
                    ready = new TreeMap<>(models);
                }
            }
        });
        loaded = true;
        if (models.isEmpty()) {
            log.warn(nothing());
        }
    }

    /**
     * Returns the model of a name.
     *
     * @throws UnknownModelException if there is none, but others are
     * @throws NoModelException if it was refused or is still being loaded, or no model is loaded at all
     */
    public CaptionModel get(String name) {
        Map<String, CaptionModel> models = ready;
        CaptionModel model = models.get(name);
        if (model != null) {
            return model;
        }
        for (ModelStatus status : statuses()) {
            if (status.name().equals(name)) {
                throw new NoModelException(nothingOf(status));
            }
        }
        if (models.isEmpty()) {
            throw new NoModelException(nothing());
        }
        throw new UnknownModelException(name, List.copyOf(models.keySet()));
    }

    /**
     * Returns the model to answer with when none is named.
     *
     * @throws UnknownModelException if the configured default is not there, but others are
     * @throws NoModelException if no model is loaded
     */
    public CaptionModel defaultModel() {
        if (defaultName != null) {
            return get(defaultName);
        }
        return ready.values().stream().findFirst().orElseThrow(() -> new NoModelException(nothing()));
    }

    /** Returns how every version that was looked at stands, in the order in which they were. */
    public List<ModelStatus> statuses() {
        synchronized (statuses) {
            return List.copyOf(statuses.values());
        }
    }

    /** Closes every model; the registry is empty from then on. */
    @Override
    public synchronized void close() {
        Map<String, CaptionModel> models = ready;
        ready = Map.of();
        synchronized (statuses) {
            statuses.clear();
        }
        models.values().forEach(CaptionModel::close);
    }

    private @Nullable CaptionModel newestGood(String name, List<String> newestFirst) {
        for (String version : newestFirst) {
            CaptionModel model = tryLoad(name, version);
            if (model != null) {
                return model;
            }
        }
        return null;
    }

    private @Nullable CaptionModel tryLoad(String name, String version) {
        Path bundle = store.directory(name, version);
        String hash = hash(bundle);
        put(new ModelStatus(name, version, ModelStatus.State.LOADING, "", hash, ""));
        try {
            CaptionModel model = loader.load(bundle);
            put(new ModelStatus(name, version, ModelStatus.State.READY, "", hash, model.device()));
            log.info("loaded {}/{} on {}", name, version, model.device());
            return model;
        } catch (RuntimeException | LinkageError e) {
            log.error("refused {}/{}: {}", name, version, e.getMessage(), e);
            String reason = String.valueOf(e.getMessage());
            put(new ModelStatus(name, version, ModelStatus.State.REFUSED, reason, hash, ""));
            return null;
        }
    }

    private void put(ModelStatus status) {
        synchronized (statuses) {
            statuses.put(status.name() + "/" + status.version(), status);
        }
    }

    private static String hash(Path bundle) {
        try {
            return Bundle.sha256(bundle.resolve(Bundle.MANIFEST));
        } catch (IOException e) {
            return "";
        }
    }

    private static String nothingOf(ModelStatus status) {
        return status.state() == ModelStatus.State.REFUSED
                ? "model %s/%s was refused: %s".formatted(status.name(), status.version(), status.reason())
                : "model %s/%s is being loaded: try again in a moment".formatted(status.name(), status.version());
    }

    private String nothing() {
        if (!loaded) {
            return "the models are being loaded: try again in a moment";
        }
        List<String> refusals = new ArrayList<>();
        for (ModelStatus status : statuses()) {
            refusals.add(nothingOf(status));
        }
        return refusals.isEmpty()
                ? "there is no bundle under %s: train one, copy one there as <name>/<version>/, or set captioner.models"
                        .formatted(store.root().toAbsolutePath())
                : String.join("; ", refusals);
    }
}
