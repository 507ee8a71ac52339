package io.captioner.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.captioner.image.Pixels;
import io.captioner.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRegistryTests {
    @TempDir
    Path root;

    private final Set<String> broken = new TreeSet<>();
    private final List<String> loads = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();

    @Test
    void theNewestVersionOfEachNameIsLoaded() throws IOException {
        bundles("a/9", "a/10", "b/1.9", "b/1.10");
        ModelRegistry registry = loaded(null);

        assertThat(loads).containsExactly("a/10", "b/1.10");
        assertThat(registry.get("a").device()).isEqualTo("a/10");
        assertThat(registry.get("b").device()).isEqualTo("b/1.10");
        assertThat(registry.statuses())
                .extracting(ModelStatus::name, ModelStatus::version, ModelStatus::state, ModelStatus::device)
                .containsExactly(
                        tuple("a", "10", ModelStatus.State.READY, "a/10"),
                        tuple("b", "1.10", ModelStatus.State.READY, "b/1.10"));
        assertThat(registry.statuses().get(0).bundleSha256())
                .isEqualTo(Bundle.sha256(root.resolve("a/10/captioner.json")))
                .hasSize(64);
    }

    @Test
    void whatIsHalfCopiedIsNotThere() throws IOException {
        bundles("a/1", "a/.2", ".b/1");
        Files.createDirectories(root.resolve("a/3"));
        Files.createDirectories(root.resolve("empty"));
        Files.writeString(root.resolve("README.md"), "x");
        loaded(null);
        assertThat(loads).containsExactly("a/1");
    }

    @Test
    void aBrokenVersionFallsBackToTheOlderOneAndKeepsItsReason() throws IOException {
        bundles("a/1", "a/2", "b/1");
        broken.add("a/2");
        ModelRegistry registry = loaded(null);

        assertThat(registry.get("a").device()).isEqualTo("a/1");
        assertThat(registry.get("b").device()).isEqualTo("b/1");
        assertThat(registry.statuses())
                .extracting(ModelStatus::version, ModelStatus::state, ModelStatus::reason)
                .containsExactly(
                        tuple("2", ModelStatus.State.REFUSED, "a/2 is broken"),
                        tuple("1", ModelStatus.State.READY, ""),
                        tuple("1", ModelStatus.State.READY, ""));
    }

    @Test
    void anUnknownNameIsToldTheNamesThereAre() throws IOException {
        bundles("b/1", "a/1");
        ModelRegistry registry = loaded(null);
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> registry.get("c"))
                .withMessage("there is no model 'c'; there is a, b")
                .satisfies(unknown -> assertThat(unknown.names()).containsExactly("a", "b"));
    }

    @Test
    void aRefusedNameIsToldWhy() throws IOException {
        bundles("a/1", "b/1");
        broken.add("b/1");
        ModelRegistry registry = loaded(null);
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(() -> registry.get("b"))
                .withMessage("model b/1 was refused: b/1 is broken");
    }

    @Test
    void withoutAnyModelTheReasonSaysWhatToDo() throws IOException {
        ModelRegistry early = registry(null);
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(early::defaultModel)
                .withMessageContaining("are being loaded");
        early.load();
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(early::defaultModel)
                .withMessageContaining("no bundle under " + root)
                .withMessageContaining("captioner.models");
        assertThatExceptionOfType(NoModelException.class).isThrownBy(() -> early.get("a"));

        bundles("a/1");
        broken.add("a/1");
        ModelRegistry refused = loaded(null);
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(refused::defaultModel)
                .withMessage("model a/1 was refused: a/1 is broken");
    }

    @Test
    void theDefaultIsTheConfiguredNameOrElseTheFirst() throws IOException {
        bundles("b/1", "a/1");
        assertThat(loaded(null).defaultModel().device()).isEqualTo("a/1");
        assertThat(loaded("b").defaultModel().device()).isEqualTo("b/1");
        ModelRegistry misnamed = loaded("c");
        assertThatExceptionOfType(UnknownModelException.class).isThrownBy(misnamed::defaultModel);
    }

    @Test
    void whileAVersionLoadsItsStateSaysSo() throws IOException {
        bundles("a/1");
        AtomicReference<List<ModelStatus>> during = new AtomicReference<>(List.of());
        AtomicReference<@Nullable ModelRegistry> self = new AtomicReference<>();
        ModelRegistry registry = new ModelRegistry(root, null, bundle -> {
            ModelRegistry loading = self.get();
            assertThat(loading).isNotNull();
            during.set(loading.statuses());
            assertThatExceptionOfType(NoModelException.class)
                    .isThrownBy(() -> loading.get("a"))
                    .withMessageContaining("a/1 is being loaded");
            return new NamedModel("a/1", closed);
        });
        self.set(registry);
        registry.load();
        assertThat(during.get()).extracting(ModelStatus::state).containsExactly(ModelStatus.State.LOADING);
        assertThat(registry.statuses()).extracting(ModelStatus::state).containsExactly(ModelStatus.State.READY);
    }

    @Test
    void loadingAgainKeepsWhatIsLoaded() throws IOException {
        bundles("a/1");
        ModelRegistry registry = loaded(null);
        bundles("b/1");
        registry.load();
        assertThat(loads).containsExactly("a/1", "b/1");
    }

    @Test
    void closingClosesEveryModel() throws IOException {
        bundles("a/1", "b/1");
        ModelRegistry registry = loaded(null);
        registry.close();
        assertThat(closed).containsExactly("a/1", "b/1");
        assertThat(registry.statuses()).isEmpty();
        assertThatExceptionOfType(NoModelException.class).isThrownBy(registry::defaultModel);
    }

    @Test
    void realBundlesAreServedAndARealBrokenOneIsRefused() throws IOException {
        new ColourBundle().write(root, "colours", "1");
        Path newer = new ColourBundle().write(root, "colours", "2");
        Files.writeString(newer.resolve(Bundle.VOCABULARY), "changed");
        try (ModelRegistry registry = new ModelRegistry(root, null, CaptionModels::load)) {
            registry.load();
            assertThat(registry.defaultModel().manifest().version()).isEqualTo("1");
            assertThat(registry.statuses().get(0).reason()).contains("SHA-256 differs): vocabulary.txt");
        }
    }

    private void bundles(String... nameAndVersions) throws IOException {
        for (String bundle : nameAndVersions) {
            Files.writeString(
                    Files.createDirectories(root.resolve(bundle)).resolve(Bundle.MANIFEST),
                    "{\"of\": \"" + bundle + "\"}");
        }
    }

    private ModelRegistry loaded(@Nullable String defaultName) {
        ModelRegistry registry = registry(defaultName);
        registry.load();
        return registry;
    }

    private ModelRegistry registry(@Nullable String defaultName) {
        return new ModelRegistry(root, defaultName, bundle -> {
            String name = root.relativize(bundle).toString().replace('\\', '/');
            loads.add(name);
            if (broken.contains(name)) {
                throw new IllegalStateException(name + " is broken");
            }
            return new NamedModel(name, closed);
        });
    }

    /** A model that says its bundle's name as its device. */
    private record NamedModel(String device, List<String> closed) implements CaptionModel {
        @Override
        public Manifest manifest() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Vocabulary vocabulary() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Hypothesis> score(List<Pixels> batch, List<int[]> captions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed.add(device);
        }
    }
}
