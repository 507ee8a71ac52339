package io.captioner.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.captioner.model.BrokenBundleException;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.ColourBundle;
import io.captioner.model.NamedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ModelPreloaderTests {
    private final List<String> loads = new CopyOnWriteArrayList<>();
    private final List<String> closed = new CopyOnWriteArrayList<>();

    @TempDir
    Path root;

    @Test
    void theNewestVersionOfEachNameIsLoadedOnce() throws IOException {
        ModelPreloader preloader = begun(this::load, "a/1", "a/2", "b/1");

        assertThat(preloader.load(path("a/2")).device()).isEqualTo("a/2");
        assertThat(preloader.load(path("b/1")).device()).isEqualTo("b/1");
        assertThat(loads).containsExactly("a/2 model-preload", "b/1 model-preload");
    }

    @Test
    void whatWasNotBegunAndWhatWasTakenIsLoadedWhenItIsAskedFor() throws IOException {
        ModelPreloader preloader = begun(this::load, "a/1", "a/2");
        preloader.load(path("a/2"));

        preloader.load(path("a/2"));
        preloader.load(path("a/1"));

        String here = Thread.currentThread().getName();
        assertThat(loads).containsExactly("a/2 model-preload", "a/2 " + here, "a/1 " + here);
    }

    @Test
    void aBundleThatChangedMeanwhileIsClosedAndLoadedAnew() throws IOException {
        ModelPreloader preloader = begun(this::load, "a/1", "b/1");
        preloader.load(path("b/1")); // by then the one before it is loaded
        loads.clear();
        bundle("a/1", "longer");

        CaptionModel model = preloader.load(path("a/1"));

        assertThat(closed).containsExactly("a/1");
        assertThat(loads).containsExactly("a/1 " + Thread.currentThread().getName());
        model.close();
        assertThat(closed).hasSize(2);
    }

    @Test
    void aFailureIsToldAsIfItHappenedWhenTheBundleIsAskedFor() throws IOException {
        CaptionModel.Loader failing = bundle -> {
            if (bundle.equals(path("a/1"))) {
                throw new BrokenBundleException(bundle, "has no golden answers");
            }
            throw new OutOfMemoryError("direct buffers");
        };
        ModelPreloader preloader = begun(failing, "a/1", "b/1");

        assertThatThrownBy(() -> preloader.load(path("a/1")))
                .isInstanceOf(BrokenBundleException.class)
                .hasMessageContaining("has no golden answers");
        assertThatThrownBy(() -> preloader.load(path("b/1")))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("direct buffers");
    }

    @Test
    void anEngineThatDoesNotStartIsLeftForThoseWhoNeedIt() throws IOException {
        bundle("a/1", "one");
        ModelPreloader preloader = new ModelPreloader(this::load);
        preloader.begin(root, () -> {
            throw new UnsatisfiedLinkError("no natives");
        });

        assertThat(preloader.load(path("a/1")).device()).isEqualTo("a/1");
        preloader.close();
    }

    @Test
    void closingWaitsForWhatIsUnderWayBeginsNothingMoreAndClosesWhatNobodyTook() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CompletableFuture<Void> proceed = new CompletableFuture<>();
        CaptionModel.Loader held = bundle -> {
            loading.countDown();
            proceed.join();
            return load(bundle);
        };
        ModelPreloader preloader = begun(held, "a/1", "b/1");
        loading.await();
        Thread closing = new Thread(preloader::close);
        closing.start();
        await().until(() -> closing.getState() == Thread.State.WAITING);
        proceed.complete(null);
        closing.join();

        assertThat(loads).containsExactly("a/1 model-preload");
        assertThat(closed).containsExactly("a/1");
        assertThatThrownBy(() -> preloader.load(path("b/1"))).hasMessage("the service is being stopped");
    }

    @Test
    void aContextThatFailsToStartClosesIt() throws IOException {
        new ColourBundle().write(root, "colours", "1");
        List<ModelPreloader> begun = new ArrayList<>();
        service()
                .withPropertyValues("captioner.models=" + root, "captioner.device=cpu")
                .withInitializer(context -> context.addBeanFactoryPostProcessor(beans -> {
                    begun.add(beans.getBean(ModelPreloader.class));
                    throw new IllegalStateException("the port is taken");
                }))
                .run(context -> assertThat(context).getFailure().hasMessageContaining("the port is taken"));

        assertThat(begun)
                .singleElement()
                .satisfies(preloader -> assertThatThrownBy(() -> preloader.load(path("colours/1")))
                        .hasMessage("the service is being stopped"));
    }

    @Test
    void theServiceTakesWhatWasLoadedAhead() throws IOException {
        new ColourBundle().write(root, "colours", "1");
        service()
                .withPropertyValues("captioner.models=" + root, "captioner.device=cpu")
                .run(context -> {
                    assertThat(context).hasSingleBean(ModelPreloader.class);
                    ModelRegistry models = context.getBean(ModelRegistry.class);
                    models.load();
                    assertThat(models.statuses()).singleElement().satisfies(status -> {
                        assertThat(status.state()).isEqualTo(ModelStatus.State.READY);
                        assertThat(status.device()).isEqualTo("cpu");
                    });
                });
    }

    @Test
    void jobsLoadNothingAhead() {
        service()
                .withPropertyValues("spring.profiles.active=training")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ModelPreloader.class));
    }

    @Test
    void propertiesThatCannotBeReadAreLeftForTheContextToRefuse() {
        service()
                .withPropertyValues("captioner.device=abacus")
                .run(context ->
                        assertThat(context).hasFailed().getFailure().rootCause().hasMessageContaining("abacus"));
    }

    private static ApplicationContextRunner service() {
        return new ApplicationContextRunner()
                .withInitializer(ModelPreloader::start)
                .withUserConfiguration(ModelConfiguration.class);
    }

    private ModelPreloader begun(CaptionModel.Loader loader, String... bundles) throws IOException {
        for (String bundle : bundles) {
            bundle(bundle, "one");
        }
        ModelPreloader preloader = new ModelPreloader(loader);
        preloader.begin(root, () -> {});
        return preloader;
    }

    private CaptionModel load(Path bundle) {
        String name = root.relativize(bundle).toString();
        loads.add(name + " " + Thread.currentThread().getName());
        return new NamedModel(name, closed);
    }

    private Path path(String bundle) {
        return root.toAbsolutePath().resolve(bundle);
    }

    private void bundle(String name, String content) throws IOException {
        Path directory = Files.createDirectories(path(name));
        Files.writeString(directory.resolve(Bundle.MANIFEST), content);
    }
}
