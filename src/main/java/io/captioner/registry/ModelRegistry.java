package io.captioner.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.captioner.model.BrokenBundleException;
import io.captioner.model.BundleLoader;
import io.captioner.model.CaptionModel;
import io.captioner.model.Manifest;
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
 * The models that the service answers with: the newest good version of every bundle under one directory, swapped while
 * requests run. Safe for use by several threads: one refreshes at a time, and leases never wait for it.
 */
public final class ModelRegistry implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ModelRegistry.class);

    private final ModelRepository store;
    private final @Nullable String defaultName;
    private final BundleLoader loader;
    private final ModelListener listener;

    @GuardedBy("this") private final Map<String, List<VersionSnapshot>> looks = new LinkedHashMap<>(); // newest first

    @GuardedBy("this") private final Set<String> orphans = new TreeSet<>(); // names served that are gone from the disk

    @GuardedBy("this") private String passedOver = ""; // what the last log line told of

    @GuardedBy("this") private boolean closed;

    private volatile SortedMap<String, ServedModel> served = Collections.emptySortedMap();
    private volatile List<ModelStatus> statuses = List.of();
    private volatile boolean looked;
    private volatile @Nullable String storeFault;

    /**
     * Makes an empty registry; nothing is loaded before {@link #refresh}.
     *
     * @param root directory of the bundles, {@code <name>/<version>/captioner.json}; may be missing
     * @param defaultName name of the model to answer with when none is named, or null for the first name
     * @param loader what makes a model of a bundle directory
     * @param listener hears of swaps and refusals
     */
    public ModelRegistry(Path root, @Nullable String defaultName, BundleLoader loader, ModelListener listener) {
        this(new ModelRepository(root), defaultName, loader, listener);
    }

    ModelRegistry(ModelRepository store, @Nullable String defaultName, BundleLoader loader, ModelListener listener) {
        this.store = store;
        this.defaultName = defaultName;
        this.loader = loader;
        this.listener = listener;
    }

    /** Refreshes without rehearsal. */
    public void load() {
        refresh(unrehearsed -> {});
    }

    /**
     * Brings in the newest good version of every name that is on disk. A version is loaded and rehearsed beside the one
     * that answers, which it then replaces at once; a broken one is logged and refused until its files change, and what
     * answered before it goes on to. If the version that answers is gone, the newest one left takes its place; if none
     * is left, it stays. One name's failure does not touch another's.
     *
     * @param rehearsal runs a loaded model before it answers; what it throws refuses the version
     */
    public void refresh(Consumer<CaptionModel> rehearsal) {
        look(rehearsal, true);
        if (served.isEmpty()) {
            log.warn(nothing());
        }
    }

    /**
     * Refreshes like {@link #refresh}, but leaves alone whatever changed since the last look: it is being copied, and
     * is verified once two looks in a row have seen the same files.
     */
    public void poll(Consumer<CaptionModel> rehearsal) {
        look(rehearsal, false);
    }

    /**
     * Lends a model; the caller closes the lease.
     *
     * @param name a model's name, or null for the default
     * @throws UnknownModelException if there is none of the name, or the configured default is not there, but others
     *     are
     * @throws NoModelException if it was refused or is still being loaded, or no model is loaded at all
     */
    public ModelLease lease(@Nullable String name) {
        while (true) {
            ModelLease lease = find(name == null ? defaultName : name).lease();
            if (lease != null) {
                return lease;
            }
            // Replaced between the two calls: its successor is there already.
        }
    }

    /** Returns what the served version of a name says of itself, or null if none is served. */
    public @Nullable Manifest manifest(String name) {
        ServedModel model = served.get(name);
        return model == null ? null : model.model().manifest();
    }

    /**
     * Returns the name that answers when none is named: the configured one or else the first; null if there is none.
     */
    public @Nullable String defaultName() {
        SortedMap<String, ServedModel> models = served;
        return defaultName != null || models.isEmpty() ? defaultName : models.firstKey();
    }

    /** Returns how every version stands that is on disk or answers; names sorted, the newest version first. */
    public List<ModelStatus> statuses() {
        return statuses;
    }

    /** Closes every model, each when its last lease is back; the registry is empty from then on. */
    @Override
    public synchronized void close() {
        closed = true;
        SortedMap<String, ServedModel> models = served;
        served = Collections.emptySortedMap();
        looks.clear();
        statuses = List.of();
        models.values().forEach(ServedModel::retire);
    }

    private synchronized void look(Consumer<CaptionModel> rehearsal, boolean atOnce) {
        if (closed) {
            return;
        }
        lookAtDisk();
        publish();
        for (String name : List.copyOf(looks.keySet())) {
            bringIn(name, rehearsal, atOnce);
        }
        looked = true;
        orphans.retainAll(served.keySet());
        for (String name : served.keySet()) {
            if (looks.containsKey(name)) {
                orphans.remove(name);
            } else if (orphans.add(name)) {
                log.warn("no version of {} is left on disk: the loaded one goes on answering", name);
            }
        }
    }

    /** Forgets what is gone from the disk. */
    @GuardedBy("this") private void lookAtDisk() {
        Map<String, List<VersionSnapshot>> now = new LinkedHashMap<>();
        ModelRepository.Listing listing = store.list();
        if (!listing.passedOver().toString().equals(passedOver)) {
            passedOver = listing.passedOver().toString();
            listing.passedOver().log(log, store.root());
        }
        if (listing.fault() != null && storeFault == null && !served.isEmpty()) {
            log.warn("{} cannot be read ({}): the loaded models go on answering", store.root(), listing.fault());
        }
        storeFault = listing.fault();
        listing.versions().forEach((name, versions) -> {
            Map<String, VersionSnapshot> before = looks.getOrDefault(name, List.of()).stream()
                    .collect(Collectors.toMap(VersionSnapshot::version, look -> look));
            List<VersionSnapshot> found = new ArrayList<>();
            for (String version : versions) {
                found.add(VersionSnapshot.at(store.directory(name, version), version, before.get(version)));
            }
            now.put(name, found);
        });
        looks.clear();
        looks.putAll(now);
    }

    @GuardedBy("this") private void bringIn(String name, Consumer<CaptionModel> rehearsal, boolean atOnce) {
        List<VersionSnapshot> newestFirst = looks.getOrDefault(name, List.of());
        ServedModel current = served.get(name);
        for (int i = 0; i < newestFirst.size(); i++) {
            VersionSnapshot look = newestFirst.get(i);
            if (current != null && look.isOf(current)) {
                return;
            }
            if (look.refusal() == null) {
                if (!atOnce && !look.settled()) {
                    return;
                }
                String refusal = tryOut(name, look, rehearsal);
                if (refusal == null) {
                    publish();
                    return;
                }
                newestFirst.set(i, look.refused(refusal));
                publish();
            }
            if (current != null && look.version().equals(current.version())) {
                return; // overwritten with something broken: the loaded one is still newer than what follows
            }
        }
    }

    /** Loads, rehearses and swaps in a version; returns why it refuses to, or null. */
    private @Nullable String tryOut(String name, VersionSnapshot look, Consumer<CaptionModel> rehearsal) {
        Path bundle = store.directory(name, look.version());
        try {
            CaptionModel model = loader.load(bundle);
            try {
                rehearsal.accept(model);
                if (!Fingerprint.of(bundle).equals(look.files())) {
                    throw new BrokenBundleException(
                            bundle, "its files changed while it was being loaded: it is tried again when they rest");
                }
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
            swapIn(name, new ServedModel(name, look.version(), look.bundleSha256(), model));
            return null;
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            log.error("refused {}/{}: {}", name, look.version(), e.getMessage(), e);
            String reason = store.withoutRoot(String.valueOf(e.getMessage()));
            listener.refused(name, look.version(), reason);
            return reason;
        }
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
        Set<String> names = new TreeSet<>(looks.keySet());
        names.addAll(served.keySet());
        for (String name : names) {
            addStatuses(name, looks.getOrDefault(name, List.of()), served.get(name), all);
        }
        statuses = List.copyOf(all);
    }

    private static void addStatuses(
            String name, List<VersionSnapshot> newestFirst, @Nullable ServedModel current, List<ModelStatus> to) {
        if (current != null && newestFirst.stream().noneMatch(look -> look.isOf(current))) {
            to.add(current.status());
        }
        boolean superseded = false;
        for (VersionSnapshot look : newestFirst) {
            if (current != null && look.isOf(current)) {
                to.add(current.status());
                superseded = true;
            } else if (look.refusal() != null) {
                to.add(look.status(name, ModelStatus.State.REFUSED));
            } else {
                to.add(look.status(name, superseded ? ModelStatus.State.SUPERSEDED : ModelStatus.State.LOADING));
                superseded = true;
            }
            superseded |= current != null && look.version().equals(current.version());
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
        if (!looked) {
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
