package io.captioner.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.captioner.files.Sha256;
import io.captioner.model.BrokenBundleException;
import io.captioner.model.Bundle;
import io.captioner.model.NamedModel;
import io.captioner.registry.ModelStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class ModelRefreshTests {
    private final Path root;

    private final Set<String> broken = new TreeSet<>();
    private final List<String> loads = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private Runnable whileLoading = () -> {};

    private final ModelListener listener = new ModelListener() {
        @Override
        public void swapped(String name, @Nullable String from, String to, String device) {
            heard.add("swapped %s %s %s".formatted(name, from, to));
        }

        @Override
        public void refused(String name, String version, String reason) {
            heard.add("refused %s %s: %s".formatted(name, version, reason));
        }
    };

    private final ModelRegistry registry;

    ModelRefreshTests(@TempDir Path root) {
        this.root = root;
        this.registry = unloaded();
    }

    @BeforeEach
    void serveTheFirstVersion() throws IOException {
        bundle("a/1", "one");
        registry.load();
        loads.clear();
    }

    @Test
    void aNewerVersionIsRehearsedAndTakesThePlaceOfTheOldOne() throws IOException {
        bundle("a/2", "two");
        List<String> warmedUp = new ArrayList<>();

        registry.refresh(model -> {
            warmedUp.add(model.device());
            assertThat(answering()).isEqualTo("a/1");
        });

        assertThat(warmedUp).containsExactly("a/2");
        assertThat(answering()).isEqualTo("a/2");
        assertThat(closed).containsExactly("a/1");
        assertThat(heard).containsExactly("swapped a null 1", "swapped a 1 2");
        assertStates(tuple("2", State.READY), tuple("1", State.SUPERSEDED));
    }

    @Test
    void aReplacedModelIsClosedWhenItsLastLeaseIsGivenBack() throws IOException {
        ModelLease first = registry.lease(null);
        ModelLease second = registry.lease("a");
        bundle("a/2", "two");
        registry.load();

        first.close();
        first.close();
        assertThat(closed).isEmpty();
        assertThat(second.model().device()).isEqualTo("a/1");
        second.close();
        assertThat(closed).containsExactly("a/1");
    }

    @Test
    void aLeaseNamesTheBundleItIsOf() throws IOException {
        try (ModelLease lease = registry.lease(null)) {
            assertThat(lease.bundleSha256()).isEqualTo(Sha256.of(root.resolve("a/1/captioner.json")));
        }
    }

    @Test
    void aVersionForWhichTheHeapIsTooSmallIsRefusedAndSaysWhatToDo() throws IOException {
        bundle("a/2", "two");
        whileLoading = () -> {
            throw new OutOfMemoryError("Java heap space");
        };

        registry.load();

        assertThat(answering()).isEqualTo("a/1");
        assertThat(heard.get(heard.size() - 1))
                .startsWith("refused a 2: Java heap space: the heap of ")
                .contains("raise -Xmx");
    }

    @Test
    void aBrokenVersionIsRefusedOnceAndTheOldOneServesOn() throws IOException {
        bundle("a/2", "two");
        broken.add("a/2");

        registry.load();
        registry.load();
        registry.poll(model -> {});

        assertThat(loads).containsExactly("a/2");
        assertThat(answering()).isEqualTo("a/1");
        assertThat(closed).isEmpty();
        assertThat(heard).endsWith("refused a 2: a/2/captioner.json: is broken");
        assertStates(tuple("2", State.REFUSED), tuple("1", State.READY));
    }

    @Test
    void aRefusedVersionIsTriedAgainWhenItsFilesChange() throws IOException {
        bundle("a/2", "two");
        broken.add("a/2");
        registry.load();
        broken.clear();

        registry.load();
        assertThat(answering()).isEqualTo("a/1");
        Files.writeString(root.resolve("a/2/another-file"), "x");
        registry.load();

        assertThat(answering()).isEqualTo("a/2");
    }

    @Test
    void aVersionThatFailsItsWarmUpIsRefusedAndClosed() throws IOException {
        bundle("a/2", "two");

        registry.refresh(model -> {
            throw new IllegalStateException("it does not run with 4 images at once");
        });

        assertThat(answering()).isEqualTo("a/1");
        assertThat(closed).containsExactly("a/2");
        assertThat(registry.statuses().get(0).reason()).isEqualTo("it does not run with 4 images at once");
    }

    @Test
    void theReasonShowsNoPathOfTheMachine() throws IOException {
        bundle("a/2", "two");
        broken.add("a/2");
        registry.load();

        assertThat(registry.statuses().get(0).reason()).isEqualTo("a/2/captioner.json: is broken");
    }

    @Test
    void deletingTheNewestVersionGoesBackToTheOneBefore() throws IOException {
        bundle("a/2", "two");
        registry.load();
        delete("a/2");
        registry.load();

        assertThat(answering()).isEqualTo("a/1");
        assertThat(closed).containsExactly("a/1", "a/2");
        assertStates(tuple("1", State.READY));
    }

    @Test
    void aModelThatIsGoneFromTheDiskServesOn() throws IOException {
        delete("a");
        registry.load();
        registry.load();

        assertThat(answering()).isEqualTo("a/1");
        assertThat(closed).isEmpty();
        assertStates(tuple("1", State.READY));
    }

    @Test
    void whatIsDeletedIsForgotten() throws IOException {
        bundle("a/2", "two");
        bundle("b/1", "b");
        broken.addAll(List.of("a/2", "b/1"));
        registry.load();
        delete("a/2");
        delete("b");
        registry.load();

        assertStates(tuple("1", State.READY));
    }

    @Test
    void overwrittenWithSomethingBrokenTheLoadedVersionServesOn() throws IOException {
        bundle("a/0", "zero");
        bundle("a/1", "one, but otherwise");
        broken.add("a/1");
        registry.load();

        assertThat(answering()).isEqualTo("a/1");
        assertThat(closed).isEmpty();
        assertStates(tuple("1", State.READY), tuple("1", State.REFUSED), tuple("0", State.SUPERSEDED));
    }

    @Test
    void overwrittenWithAnotherGoodBundleTheNewOneAnswers() throws IOException {
        bundle("a/1", "one, but otherwise");
        registry.load();

        assertThat(loads).containsExactly("a/1");
        assertThat(closed).containsExactly("a/1");
        assertStates(tuple("1", State.READY));
    }

    @Test
    void thePollWaitsUntilNobodyWritesAnyMore() throws IOException {
        bundle("a/2", "two");
        registry.poll(model -> {});
        Files.writeString(root.resolve("a/2/graph"), "half");
        registry.poll(model -> {});
        Files.writeString(root.resolve("a/2/graph"), "half and the other half");
        registry.poll(model -> {});
        assertThat(loads).isEmpty();
        assertStates(tuple("2", State.LOADING), tuple("1", State.READY));

        registry.poll(model -> {});
        assertThat(loads).containsExactly("a/2");
        assertThat(answering()).isEqualTo("a/2");
    }

    @Test
    void whatChangesWhileItIsLoadedIsNotServed() throws IOException {
        bundle("a/2", "two");
        whileLoading = () -> {
            try {
                Files.writeString(root.resolve("a/2/late"), "x");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        registry.load();

        assertThat(answering()).isEqualTo("a/1");
        assertThat(closed).containsExactly("a/2");
        assertThat(registry.statuses().get(0).reason()).contains("a/2: its files changed");
        whileLoading = () -> {};
        registry.load();
        assertThat(answering()).isEqualTo("a/2");
    }

    @Test
    void aLeasedModelOutlivesTheRegistry() {
        ModelLease lease = registry.lease(null);
        registry.close();
        assertThat(closed).isEmpty();
        assertThatExceptionOfType(NoModelException.class).isThrownBy(() -> registry.lease(null));
        lease.close();
        assertThat(closed).containsExactly("a/1");
        registry.load();
        assertThat(registry.statuses()).isEmpty();
    }

    @Test
    void aDirectoryThatVanishesLooksEmpty() {
        assertThat(Fingerprint.of(root.resolve("nowhere")).files()).isEmpty();
    }

    private void assertStates(Tuple... versionsAndStates) {
        assertThat(registry.statuses())
                .extracting(ModelStatus::version, ModelStatus::state)
                .containsExactly(versionsAndStates);
    }

    private String answering() {
        try (ModelLease lease = registry.lease(null)) {
            return lease.model().device();
        }
    }

    private void bundle(String nameAndVersion, String content) throws IOException {
        Path directory = Files.createDirectories(root.resolve(nameAndVersion));
        Files.writeString(directory.resolve(Bundle.MANIFEST), content);
    }

    private void delete(String path) throws IOException {
        assertThat(FileSystemUtils.deleteRecursively(root.resolve(path))).isTrue();
    }

    private ModelRegistry unloaded() {
        return new ModelRegistry(
                root,
                null,
                bundle -> {
                    String name = root.relativize(bundle).toString().replace('\\', '/');
                    loads.add(name);
                    if (broken.contains(name)) {
                        throw new BrokenBundleException(bundle.resolve(Bundle.MANIFEST), "is broken");
                    }
                    whileLoading.run();
                    return new NamedModel(name, closed);
                },
                listener);
    }
}
