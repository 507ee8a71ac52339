package io.captioner.compat;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.model.Manifest;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** The names by which protocols know the models: {@value #DEFAULT} for the default one, and those of the bundles. */
@Component
@Profile("!training")
public final class ModelNames {
    public static final String DEFAULT = "captioner";

    private final ModelRegistry models;

    ModelNames(ModelRegistry models) {
        this.models = models;
    }

    /** A served model under one of its names. */
    public record Served(String name, ModelStatus status, Manifest manifest) {}

    /**
     * Returns the served models, the default one first.
     *
     * @param aliases other names of the default one
     */
    public List<Served> served(List<String> aliases) {
        Map<String, ModelStatus> ready = models.statuses().stream()
                .filter(status -> status.state() == ModelStatus.State.READY)
                .collect(Collectors.toMap(ModelStatus::name, status -> status));
        List<Served> served = new ArrayList<>();
        String byDefault = models.defaultName();
        if (byDefault != null) {
            add(DEFAULT, ready.get(byDefault), served);
            aliases.forEach(alias -> add(alias, ready.get(byDefault), served));
        }
        ready.values().stream().map(ModelStatus::name).sorted().forEach(name -> add(name, ready.get(name), served));
        return served;
    }

    private void add(String name, @Nullable ModelStatus status, List<Served> served) {
        Manifest manifest = status == null ? null : models.manifest(status.name());
        if (status != null
                && manifest != null
                && served.stream().noneMatch(known -> known.name().equals(name))) {
            served.add(new Served(name, status, manifest));
        }
    }

    /**
     * Returns the bundle that a request names, with or without a tag such as {@code :latest}; null for the default one.
     *
     * @throws CaptionFailure if there is none of that name
     */
    public @Nullable String bundle(String name, List<String> aliases) {
        String wanted = withoutTag(name.strip());
        if (wanted.isEmpty()
                || wanted.equals(DEFAULT)
                || aliases.stream().anyMatch(alias -> withoutTag(alias).equals(wanted))) {
            return null;
        }
        if (models.statuses().stream().anyMatch(status -> status.name().equals(wanted))) {
            return wanted;
        }
        throw CaptionFailure.of(
                Reason.UNKNOWN_MODEL,
                "model '%s' not found: name one of %s"
                        .formatted(
                                name, served(aliases).stream().map(Served::name).collect(Collectors.joining(", "))));
    }

    /**
     * Returns how many hypotheses a bundle's own search keeps, at least 1.
     *
     * @param bundle null for the default one
     */
    public int beamWidth(@Nullable String bundle) {
        String name = bundle == null ? models.defaultName() : bundle;
        Manifest manifest = name == null ? null : models.manifest(name);
        return manifest == null ? 1 : manifest.defaults().beamWidth();
    }

    private static String withoutTag(String name) {
        int tag = name.indexOf(':');
        return tag < 0 ? name : name.substring(0, tag);
    }
}
