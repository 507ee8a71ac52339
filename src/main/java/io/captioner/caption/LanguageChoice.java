package io.captioner.caption;

import io.captioner.caption.CaptionOptions.Language;
import io.captioner.model.Manifest;
import io.captioner.registry.ModelRegistry;
import io.captioner.registry.ModelStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The choice of a model by the language of its captions, as its manifest names it: RFC 4647's lookup, by which
 * {@code en-GB} finds {@code en}. The default model comes first.
 */
record LanguageChoice(ModelRegistry models) {
    /**
     * Returns the name of the model that answers.
     *
     * @return null for the default model
     * @throws CaptionFailure if no model, or not the one that is named, captions in the language that is wanted
     */
    @Nullable String model(CaptionOptions options) {
        Language language = options.language();
        String wanted = language.wanted();
        if (wanted != null) {
            List<Named> candidates = candidates(options.model());
            return find(candidates, ranges(wanted)).orElseThrow(() -> unknown(wanted, candidates));
        }
        String accepted = language.accepted();
        if (options.model() != null || accepted == null || accepted.isBlank()) {
            return options.model();
        }
        List<Named> candidates = candidates(null);
        if (candidates.size() < 2) {
            return null;
        }
        try {
            return find(candidates, Locale.LanguageRange.parse(accepted)).orElse(null);
        } catch (IllegalArgumentException malformed) {
            return null; // a browser's header is no reason to refuse a photo
        }
    }

    /** A model that answers, and its language. */
    private record Named(String name, Locale language) {}

    private List<Named> candidates(@Nullable String only) {
        String first = Objects.requireNonNullElse(models.defaultName(), "");
        List<Named> candidates = new ArrayList<>();
        for (String name : models.statuses().stream()
                .filter(status -> status.state() == ModelStatus.State.READY)
                .map(ModelStatus::name)
                .distinct()
                .toList()) {
            Manifest manifest = models.manifest(name);
            String language = manifest == null ? null : manifest.language();
            if (language != null && (only == null || only.equals(name))) {
                candidates.add(
                        name.equals(first) ? 0 : candidates.size(), new Named(name, Locale.forLanguageTag(language)));
            }
        }
        return candidates;
    }

    private static Optional<String> find(List<Named> candidates, List<Locale.LanguageRange> ranges) {
        List<Locale> languages = candidates.stream().map(Named::language).toList();
        for (Locale.LanguageRange range : ranges) { // by falling weight
            Locale found = Locale.lookup(List.of(range), languages);
            if (found == null) {
                // A model for fr-CA captions for those who want fr.
                found = Locale.filter(List.of(range), languages).stream()
                        .findFirst()
                        .orElse(null);
            }
            for (Named candidate : candidates) {
                if (candidate.language().equals(found)) {
                    return Optional.of(candidate.name());
                }
            }
        }
        return Optional.empty();
    }

    private static List<Locale.LanguageRange> ranges(String wanted) {
        try {
            return List.of(new Locale.LanguageRange(wanted));
        } catch (IllegalArgumentException malformed) {
            throw CaptionFailure.invalidParameter(
                    "language", "language must be a BCP 47 tag such as en, not '%s'.".formatted(wanted));
        }
    }

    private static CaptionFailure unknown(String wanted, List<Named> candidates) {
        String there = candidates.stream()
                .map(candidate -> candidate.language().toLanguageTag())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
        return CaptionFailure.invalidParameter(
                "language",
                there.isEmpty()
                        ? "language is '%s', but the model does not say in which language it captions: leave language out."
                                .formatted(wanted)
                        : "language is '%s', but captions are in %s: ask for one of these, or leave language out."
                                .formatted(wanted, there));
    }
}
