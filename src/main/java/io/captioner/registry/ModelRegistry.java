package io.captioner.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.model.BrokenBundleException;
import io.captioner.model.CaptionModel;
import io.captioner.model.Manifest;
import io.captioner.model.ModelCard;
import io.captioner.registry.ModelLease.ServedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that the service serves: the newest valid version of every bundle under one directory, swapped while
 * requests run. Safe for use by several threads: one refreshes at a time, and leases never wait for it.
 */
public final class ModelRegistry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelRegistry.class);

    private final ModelRepository store;
    private final @Nullable String defaultName;
    private final CaptionModel.Loader loader;
    private final ModelListener listener;

    @GuardedBy("this") private final Map<String, List<VersionSnapshot>> snapshots = new LinkedHashMap<>(); // newest first

    @GuardedBy("this") private final Set<String> orphans = new TreeSet<>(); // served names without a version on disk

    @GuardedBy("this") private String passedOver = ""; // content of the last log line about it

    @GuardedBy("this") private boolean closed;

    private volatile SortedMap<String, ServedModel> served = Collections.emptySortedMap();
    private volatile List<ModelStatus> statuses = List.of();
    private volatile boolean scanned;
    private volatile @Nullable String storeFault;

    /**
     * Makes an empty registry; nothing is loaded before {@link #refresh}.
     *
     * @param root directory of the bundles, {@code <name>/<version>/captioner.json}; may be missing
     * @param defaultName name of the model for requests that name none, or null for the first name
     * @param loader loads a bundle directory
     * @param listener receives swaps and refusals
     */
    public ModelRegistry(Path root, @Nullable String defaultName, CaptionModel.Loader loader, ModelListener listener) {
        this(new ModelRepository(root), defaultName, loader, listener);
    }

    ModelRegistry(
            ModelRepository store, @Nullable String defaultName, CaptionModel.Loader loader, ModelListener listener) {
        this.store = store;
        this.defaultName = defaultName;
        this.loader = loader;
        this.listener = listener;
    }

    /** Refreshes without a warm-up. */
    public void load() {
        refresh(model -> {});
    }

    /**
     * Promotes the newest valid version of every name that is on disk. A version is loaded and warmed up beside the
     * served one, which it then replaces at once; a broken one is logged and refused until its files change, and the
     * served one stays. If the served version is gone from the disk, the newest one left replaces it; if none is left,
     * it stays. A failure of one name does not affect the others.
     *
     * @param warmUp runs a loaded model before it is served; what it throws refuses the version
     */
    public void refresh(Consumer<CaptionModel> warmUp) {
        scan(warmUp, true);
        if (served.isEmpty()) {
            log.warn(nothing());
        }
    }

    /**
     * Refreshes like {@link #refresh}, but skips versions that changed since the last scan: they may still be copied,
     * and are verified once two scans in a row have found the same files.
     */
    public void poll(Consumer<CaptionModel> warmUp) {
        scan(warmUp, false);
    }

    /**
     * Lends a model; the caller closes the lease.
     *
     * @param name a model's name, or null for the default
     * @throws UnknownModelException if there is no such name, or no configured default, but other names are served
     * @throws NoModelException if it was refused or is still being loaded, or no model is loaded at all
     */
    public ModelLease lease(@Nullable String name) {
        while (true) {
            ModelLease lease = find(name == null ? defaultName : name).lease();
            if (lease != null) {
                return lease;
            }
            // Replaced between the two calls: its successor is served already.
        }
    }

    /** Returns the manifest of the served version of a name, or null if none is served. */
    public @Nullable Manifest manifest(String name) {
        ServedModel model = served.get(name);
        return model == null ? null : model.model().manifest();
    }

    /** Returns the {@link ModelCard card} of the served version of a name, or null if none is served. */
    public @Nullable String card(String name) throws IOException {
        Manifest manifest = manifest(name);
        return manifest == null ? null : ModelCard.read(store.root().resolve(name), manifest);
    }

    /** Returns the name for requests that name none: the configured one or else the first; null if there is none. */
    public @Nullable String defaultName() {
        SortedMap<String, ServedModel> models = served;
        return defaultName != null || models.isEmpty() ? defaultName : models.firstKey();
    }

    /** Returns the status of every version on disk or served; names sorted, the newest version first. */
    public List<ModelStatus> statuses() {
        return statuses;
    }

    /** Closes every model, each when its last lease is closed; the registry is empty from then on. */
    @Override
    public synchronized void close() {
        closed = true;
        SortedMap<String, ServedModel> models = served;
        served = Collections.emptySortedMap();
        snapshots.clear();
        statuses = List.of();
        models.values().forEach(ServedModel::retire);
    }

    private synchronized void scan(Consumer<CaptionModel> warmUp, boolean atOnce) {
        if (closed) {
            return;
        }
        scanDisk();
        publish();
        for (String name : List.copyOf(snapshots.keySet())) {
            promote(name, warmUp, atOnce);
        }
        scanned = true;
        orphans.retainAll(served.keySet());
        for (String name : served.keySet()) {
            if (snapshots.containsKey(name)) {
                orphans.remove(name);
            } else if (orphans.add(name)) {
                log.warn("no version of {} is left on disk: the loaded one is still served", name);
            }
        }
    }

    /** Updates the snapshots to what is on disk. */
    @GuardedBy("this") private void scanDisk() {
        Map<String, List<VersionSnapshot>> now = new LinkedHashMap<>();
        ModelRepository.Listing listing = store.list();
        if (!listing.passedOver().toString().equals(passedOver)) {
            passedOver = listing.passedOver().toString();
            listing.passedOver().log(log, store.root());
        }
        if (listing.fault() != null && storeFault == null && !served.isEmpty()) {
            log.warn("{} cannot be read ({}): the loaded models are still served", store.root(), listing.fault());
        }
        storeFault = listing.fault();
        listing.versions().forEach((name, versions) -> {
            Map<String, VersionSnapshot> before = snapshots.getOrDefault(name, List.of()).stream()
                    .collect(Collectors.toMap(VersionSnapshot::version, snapshot -> snapshot));
            List<VersionSnapshot> found = new ArrayList<>();
            for (String version : versions) {
                found.add(VersionSnapshot.at(store.directory(name, version), version, before.get(version)));
            }
            now.put(name, found);
        });
        snapshots.clear();
        snapshots.putAll(now);
    }

    @GuardedBy("this") private void promote(String name, Consumer<CaptionModel> warmUp, boolean atOnce) {
        List<VersionSnapshot> newestFirst = snapshots.getOrDefault(name, List.of());
        ServedModel current = served.get(name);
        for (int i = 0; i < newestFirst.size(); i++) {
            VersionSnapshot snapshot = newestFirst.get(i);
            if (current != null && snapshot.isOf(current)) {
                return;
            }
            if (snapshot.refusal() == null) {
                if (!atOnce && !snapshot.settled()) {
                    return;
                }
                String refusal = load(name, snapshot, warmUp);
                if (refusal == null) {
                    publish();
                    return;
                }
                newestFirst.set(i, snapshot.refused(refusal));
                publish();
            }
            if (current != null && snapshot.version().equals(current.version())) {
                return; // overwritten with a broken bundle: the loaded one is still newer than the rest
            }
        }
    }

    /** Loads, warms up and swaps in a version; returns why it is refused, or null. */
    private @Nullable String load(String name, VersionSnapshot snapshot, Consumer<CaptionModel> warmUp) {
        Path bundle = store.directory(name, snapshot.version());
        try {
            CaptionModel model = loader.load(bundle);
            try {
                warmUp.accept(model);
                if (!Fingerprint.of(bundle).equals(snapshot.files())) {
                    throw new BrokenBundleException(
                            bundle,
                            "its files changed while it was being loaded: it is tried again when they no longer change");
                }
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
            swapIn(name, new ServedModel(name, snapshot.version(), snapshot.bundleSha256(), model));
            return null;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            String reason = store.withoutRoot(reason(e));
            log.error("refused {}/{}: {}", name, snapshot.version(), reason, e);
            listener.refused(name, snapshot.version(), reason);
            return reason;
        }
    }

    private static String reason(Throwable e) {
        return e instanceof OutOfMemoryError
                ? "%s: the heap of %d MiB is too small for it beside the loaded models; raise -Xmx by three times the size of its files, or write it again with float16 weights"
                        .formatted(e.getMessage(), Runtime.getRuntime().maxMemory() >> 20)
                : String.valueOf(e.getMessage());
    }

    private void swapIn(String name, ServedModel model) {
        TreeMap<String, ServedModel> models = new TreeMap<>(served);
        ServedModel replaced = models.put(name, model);
        served = Collections.unmodifiableSortedMap(models);
        String from = replaced == null ? null : replaced.version();
        if (replaced == null) {
            log.info("loaded {}/{} on {}", name, model.version(), model.model().device());
        } else {
            log.info("swapped {}/{} for {}", name, from, model.version());
            replaced.retire();
        }
        listener.swapped(name, from, model.version(), model.model().device());
    }

    @GuardedBy("this") private void publish() {
        List<ModelStatus> all = new ArrayList<>();
        Set<String> names = new TreeSet<>(snapshots.keySet());
        names.addAll(served.keySet());
        for (String name : names) {
            addStatuses(name, snapshots.getOrDefault(name, List.of()), served.get(name), all);
        }
        statuses = List.copyOf(all);
    }

    private static void addStatuses(
            String name, List<VersionSnapshot> newestFirst, @Nullable ServedModel current, List<ModelStatus> to) {
        if (current != null && newestFirst.stream().noneMatch(snapshot -> snapshot.isOf(current))) {
            to.add(current.status());
        }
        boolean superseded = false;
        for (VersionSnapshot snapshot : newestFirst) {
            if (current != null && snapshot.isOf(current)) {
                to.add(current.status());
                superseded = true;
            } else if (snapshot.refusal() != null) {
                to.add(snapshot.status(name, ModelStatus.State.REFUSED));
            } else {
                to.add(snapshot.status(name, superseded ? ModelStatus.State.SUPERSEDED : ModelStatus.State.LOADING));
                superseded = true;
            }
            superseded |= current != null && snapshot.version().equals(current.version());
        }
    }

    private ServedModel find(@Nullable String name) {
        SortedMap<String, ServedModel> models = served;
        ServedModel model = name != null ? models.get(name) : models.isEmpty() ? null : models.get(models.firstKey());
        if (model != null) {
            return model;
        }
        for (ModelStatus status : statuses) {
            if (status.name().equals(name)) {
                throw new NoModelException(nothingOf(status));
            }
        }
        if (name == null || models.isEmpty()) {
            throw new NoModelException(nothing());
        }
        throw new UnknownModelException(name, List.copyOf(models.keySet()));
    }

    private static String nothingOf(ModelStatus status) {
        return status.state() == ModelStatus.State.REFUSED
                ? "model %s/%s was refused: %s".formatted(status.name(), status.version(), status.reason())
                : "model %s/%s is being loaded: try again in a moment".formatted(status.name(), status.version());
    }

    private String nothing() {
        if (!scanned) {
            return "the models are being loaded: try again in a moment";
        }
        String fault = storeFault;
        if (fault != null) {
            return "%s cannot be read (%s): make it a directory that the user of this program may read, or set captioner.models"
                    .formatted(store.root(), fault);
        }
        List<String> refusals = new ArrayList<>();
        for (ModelStatus status : statuses) {
            refusals.add(nothingOf(status));
        }
        return refusals.isEmpty()
                ? "there is no bundle under %s: train one, copy one there as <name>/<version>/, or set captioner.models"
                        .formatted(store.root())
                : String.join("; ", refusals);
    }
}
