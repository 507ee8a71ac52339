package io.captioner.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.captioner.files.FileTree;
import io.captioner.files.Sha256;
import io.captioner.model.Bundle;
import io.captioner.model.ColourBundle;
import io.captioner.model.NamedModel;
import io.captioner.model.djl.DjlBundleLoader;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        assertThat(device(registry, "a")).isEqualTo("a/10");
        assertThat(device(registry, "b")).isEqualTo("b/1.10");
        assertThat(registry.statuses())
                .extracting(ModelStatus::name, ModelStatus::version, ModelStatus::state, ModelStatus::device)
                .containsExactly(
                        tuple("a", "10", ModelStatus.State.READY, "a/10"),
                        tuple("a", "9", ModelStatus.State.SUPERSEDED, ""),
                        tuple("b", "1.10", ModelStatus.State.READY, "b/1.10"),
                        tuple("b", "1.9", ModelStatus.State.SUPERSEDED, ""));
        assertThat(registry.statuses().get(0).bundleSha256())
                .isEqualTo(Sha256.of(root.resolve("a/10/captioner.json")))
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

        assertThat(device(registry, "a")).isEqualTo("a/1");
        assertThat(device(registry, "b")).isEqualTo("b/1");
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
                .isThrownBy(() -> registry.lease("c"))
                .withMessage("there is no model 'c'; there is a, b")
                .satisfies(unknown -> assertThat(unknown.names()).containsExactly("a", "b"));
    }

    @Test
    void aRefusedNameIsToldWhy() throws IOException {
        bundles("a/1", "b/1");
        broken.add("b/1");
        ModelRegistry registry = loaded(null);
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(() -> registry.lease("b"))
                .withMessage("model b/1 was refused: b/1 is broken");
    }

    @Test
    void withoutAnyModelTheReasonSaysWhatToDo() throws IOException {
        ModelRegistry early = registry(null);
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(() -> early.lease(null))
                .withMessageContaining("are being loaded");
        early.load();
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(() -> early.lease(null))
                .withMessageContaining("no bundle under " + root)
                .withMessageContaining("captioner.models");
        assertThatExceptionOfType(NoModelException.class).isThrownBy(() -> early.lease("a"));

        bundles("a/1");
        broken.add("a/1");
        ModelRegistry refused = loaded(null);
        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(() -> refused.lease(null))
                .withMessage("model a/1 was refused: a/1 is broken");
    }

    @Test
    void theDefaultIsTheConfiguredNameOrElseTheFirst() throws IOException {
        bundles("b/1", "a/1");
        assertThat(device(loaded(null), null)).isEqualTo("a/1");
        assertThat(device(loaded("b"), null)).isEqualTo("b/1");
        ModelRegistry misnamed = loaded("c");
        assertThatExceptionOfType(UnknownModelException.class).isThrownBy(() -> misnamed.lease(null));
    }

    @Test
    void whileAVersionLoadsItsStateSaysSo() throws IOException {
        bundles("a/1");
        AtomicReference<List<ModelStatus>> during = new AtomicReference<>(List.of());
        AtomicReference<@Nullable ModelRegistry> self = new AtomicReference<>();
        ModelRegistry registry = new ModelRegistry(
                root,
                null,
                bundle -> {
                    ModelRegistry loading = self.get();
                    assertThat(loading).isNotNull();
                    during.set(loading.statuses());
                    assertThatExceptionOfType(NoModelException.class)
                            .isThrownBy(() -> loading.lease("a"))
                            .withMessageContaining("a/1 is being loaded");
                    return new NamedModel("a/1", closed);
                },
                ModelListener.NONE);
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
        assertThatExceptionOfType(NoModelException.class).isThrownBy(() -> registry.lease(null));
    }

    @Test
    void realBundlesAreServedAndARealBrokenOneIsRefused() throws IOException {
        new ColourBundle().write(root, "colours", "1");
        Path newer = new ColourBundle().write(root, "colours", "2");
        Files.writeString(newer.resolve(Bundle.VOCABULARY), "changed");
        try (ModelRegistry registry = new ModelRegistry(root, null, DjlBundleLoader::load, ModelListener.NONE)) {
            registry.load();
            try (ModelLease lease = registry.lease(null)) {
                assertThat(lease.model().manifest().version()).isEqualTo("1");
            }
            assertThat(registry.statuses().get(0).reason()).contains("SHA-256 differs): vocabulary.txt");
        }
    }

    private static String device(ModelRegistry registry, @Nullable String name) {
        try (ModelLease lease = registry.lease(name)) {
            return lease.model().device();
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
        return new ModelRegistry(
                root,
                defaultName,
                bundle -> {
                    String name = root.relativize(bundle).toString().replace('\\', '/');
                    loads.add(name);
                    if (broken.contains(name)) {
                        throw new IllegalStateException(name + " is broken");
                    }
                    return new NamedModel(name, closed);
                },
                ModelListener.NONE);
    }

    @Test
    void aFolderThatCannotBeReadDoesNotTouchTheOthers() throws IOException {
        bundles("a/1", "private/1", "@eaDir/1", "a/@eaDir");
        Files.createDirectories(root.resolve("lost+found"));
        ModelRepository store = new ModelRepository(root, folder -> {
            if (folder.endsWith("private")) {
                throw new AccessDeniedException(folder.toString());
            }
            return FileTree.children(folder);
        });

        ModelRepository.Listing listing = store.list();

        assertThat(listing.versions()).isEqualTo(Map.of("a", List.of("1")));
        assertThat(listing.passedOver().faulty()).isEqualTo(Map.of("private", "access denied"));
        assertThat(listing.fault()).isNull();
    }

    @Test
    void aDirectoryOfModelsThatCannotBeReadIsToldWithWhatToDo() {
        ModelRepository store = new ModelRepository(root, folder -> {
            throw new AccessDeniedException(folder.toString());
        });
        ModelRegistry registry =
                new ModelRegistry(store, null, bundle -> new NamedModel(bundle.toString(), closed), ModelListener.NONE);
        registry.load();

        assertThatExceptionOfType(NoModelException.class)
                .isThrownBy(() -> registry.lease(null))
                .withMessageContaining(root + " cannot be read (access denied)")
                .withMessageContaining("captioner.models");
    }
}
