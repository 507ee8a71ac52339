package io.captioner.registry;

import static io.captioner.Client.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.Client;
import io.captioner.Pictures;
import io.captioner.UntilExit;
import io.captioner.files.Sha256;
import io.captioner.image.Pixels;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.ColourBundle;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Hypothesis;
import io.captioner.model.Manifest;
import io.captioner.model.ModelDevice;
import io.captioner.model.Signatures;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.text.Vocabulary;
import java.awt.Color;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** The real server over real bundles, which come, go and are broken while it answers. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.server.port=0",
            "management.endpoints.web.exposure.include=prometheus,models",
            "captioner.watch.interval=0",
            "captioner.batching.max-batch-size=4",
            "captioner.device=cpu"
        })
@Import(ModelSwapTests.CountedModels.class)
class ModelSwapTests {
    private static final byte[] RED = Pictures.png(Color.RED, 9, 9);
    private static final int SWAPS = 30;
    private static final int CLIENTS = 3;

    private static Path root = Path.of("");

    private final Client client;
    private final Client management;
    private final AtomicInteger open;

    ModelSwapTests(@Autowired Environment environment, @Autowired AtomicInteger openModels) {
        this.client = new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.server.port"))));
        this.management =
                new Client(Integer.parseInt(requireNonNull(environment.getProperty("local.management.port"))));
        this.open = openModels;
    }

    @DynamicPropertySource
    static void bundles(DynamicPropertyRegistry properties) throws IOException {
        root = UntilExit.directory();
        new ColourBundle().write(root, "colours", "1");
        properties.add("captioner.models", root::toString);
    }

    /** The service's own registry, but it counts the models that are open. */
    @TestConfiguration(proxyBeanMethods = false)
    static class CountedModels {
        @Bean
        AtomicInteger openModels() {
            return new AtomicInteger();
        }

        @Bean
        @Primary
        ModelRegistry countedRegistry(AtomicInteger openModels, ModelListener listener) {
            return new ModelRegistry(
                    root,
                    null,
                    bundle -> new CountedModel(DjlBundleLoader.load(bundle, ModelDevice.CPU), openModels),
                    listener);
        }
    }

    @BeforeEach
    void theFirstVersionAnswers() throws Exception {
        assertThat(Files.exists(root.resolve("colours/1"))).isTrue();
        assertThat(answer().at("/model/version").asString()).isEqualTo("1");
    }

    @AfterEach
    void onlyTheFirstVersionIsLeft() throws Exception {
        try (Stream<Path> versions = Files.list(root.resolve("colours"))) {
            for (Path version : versions.filter(path -> !path.endsWith("1")).toList()) {
                FileSystemUtils.deleteRecursively(version);
            }
        }
        reload();
    }

    /** Breaks a good bundle. */
    @FunctionalInterface
    interface Corruption {
        void breakIt(Path bundle) throws IOException;
    }

    static Stream<Arguments> corruptions() {
        return Stream.of(
                corruption("a graph cut short, and hashed so", "saved_model.pb", bundle -> {
                    byte[] graph = Files.readAllBytes(bundle.resolve(Bundle.GRAPH));
                    Files.write(bundle.resolve(Bundle.GRAPH), Arrays.copyOf(graph, graph.length / 2));
                    ColourBundle.seal(bundle, "colours", "2");
                }),
                corruption(
                        "a missing graph",
                        "colours/2: missing: saved_model.pb",
                        bundle -> Files.delete(bundle.resolve(Bundle.GRAPH))),
                corruption(
                        "a missing vocabulary",
                        "colours/2: missing: vocabulary.txt",
                        bundle -> Files.delete(bundle.resolve(Bundle.VOCABULARY))),
                corruption(
                        "a vocabulary of another size",
                        "vocabulary.txt: 11 words and special tokens, but the model knows 10",
                        bundle -> new ColourBundle()
                                .vocabulary(
                                        Vocabulary.ofWords(Stream.concat(ColourBundle.WORDS.stream(), Stream.of("pink"))
                                                .toList()))
                                .write(root, "colours", "2")),
                corruption(
                        "weights that are no numbers",
                        "NaN",
                        bundle -> new ColourBundle().withoutNumbers().write(root, "colours", "2")),
                corruption(
                        "a missing signature",
                        "has no signature 'score'",
                        bundle -> new ColourBundle().write(root, "colours", "2", Signatures.SCORE)),
                corruption("a bit flipped in the graph", "(SHA-256 differs): saved_model.pb", bundle -> {
                    byte[] graph = Files.readAllBytes(bundle.resolve(Bundle.GRAPH));
                    graph[graph.length / 2] ^= 1;
                    Files.write(bundle.resolve(Bundle.GRAPH), graph);
                }),
                corruption(
                        "a manifest that is not JSON",
                        "captioner.json: is not JSON",
                        bundle -> Files.writeString(bundle.resolve(Bundle.MANIFEST), "{\"schemaVersion\": 1,")),
                corruption(
                        "the manifest of another version",
                        "it says colours/1, its directory another name or version",
                        bundle -> ColourBundle.seal(bundle, "colours", "1")),
                corruption(
                        "golden answers of another model",
                        "golden.json: image 0: the model says",
                        bundle -> new ColourBundle().goldenOfAnotherModel().write(root, "colours", "2")),
                corruption(
                        "a file that is not in the manifest",
                        "not in the manifest: notes.txt",
                        bundle -> Files.writeString(bundle.resolve("notes.txt"), "x")),
                corruption(
                        "another input size than the model was trained at",
                        "golden.json: image",
                        bundle -> edit(bundle, "\"width\" : 8", "\"width\" : 9")),
                corruption(
                        "another attention grid than the graph's",
                        "golden.json",
                        bundle -> edit(bundle, "\"rows\" : 2", "\"rows\" : 3")),
                corruption("nothing but a manifest", "colours/2: missing: golden.json", bundle -> {
                    for (String file : List.of(Bundle.GRAPH, Bundle.VOCABULARY, Bundle.GOLDEN)) {
                        Files.delete(bundle.resolve(file));
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corruptions")
    void aBrokenBundleIsRefusedWithItsReasonAndTheOldOneServesOn(String name, String reason, Corruption corruption)
            throws Exception {
        corruption.breakIt(new ColourBundle().write(root, "colours", "2"));

        List<String> versions = versionsAnsweredWhile(this::reload);

        assertThat(versions).isNotEmpty().containsOnly("1");
        JsonNode models = json(client.get("/models")).path("models");
        assertThat(models.size()).isEqualTo(2);
        assertThat(models.at("/0/version").asString()).isEqualTo("2");
        assertThat(models.at("/0/state").asString()).isEqualTo("REFUSED");
        assertThat(models.at("/0/reason").asString()).contains(reason).doesNotContain(root.toString());
        assertThat(models.at("/1/state").asString()).isEqualTo("READY");
        assertThat(answer().at("/model/version").asString()).isEqualTo("1");
        assertThat(open).hasValue(1);
    }

    @Test
    void aGoodVersionAfterABrokenOneIsSwappedInAndDeletedItIsRolledBack() throws Exception {
        new ColourBundle().withoutNumbers().write(root, "colours", "2");
        reload();
        new ColourBundle().write(root, "colours", "3");

        JsonNode reloaded = json(reload());

        assertThat(reloaded.at("/models/0/state").asString()).isEqualTo("READY");
        JsonNode answer = answer();
        assertThat(answer.at("/model/version").asString()).isEqualTo("3");
        assertThat(answer.at("/model/bundleSha256").asString())
                .isEqualTo(Sha256.of(root.resolve("colours/3/captioner.json")));
        assertThat(answer.at("/results/0/captions/0/text").asString()).isEqualTo("red red");
        JsonNode described = json(client.get("/models/colours"));
        assertThat(described.at("/manifest/version").asString()).isEqualTo("3");
        assertThat(described
                        .path("versions")
                        .valueStream()
                        .map(version -> version.path("state").asString()))
                .containsExactly("READY", "REFUSED", "SUPERSEDED");

        FileSystemUtils.deleteRecursively(root.resolve("colours/3"));
        reload();
        assertThat(answer().at("/model/version").asString()).isEqualTo("1");
        assertThat(open).hasValue(1);
    }

    @Test
    void noRequestFailsWhileModelsAreSwappedAndFewAreEverOpen() throws Exception {
        AtomicInteger mostOpen = new AtomicInteger();
        List<String> versions = versionsAnsweredWhile(() -> {
            for (int swap = 2; swap < 2 + SWAPS; swap++) {
                new ColourBundle().write(root, "colours", Integer.toString(swap));
                if (swap > 2) {
                    FileSystemUtils.deleteRecursively(root.resolve("colours/" + (swap - 1)));
                }
                assertThat(reload().statusCode()).isEqualTo(200);
                mostOpen.accumulateAndGet(open.get(), Math::max);
            }
            return null;
        });

        assertThat(versions).hasSizeGreaterThan(SWAPS);
        assertThat(versions.stream().distinct()).hasSizeGreaterThan(SWAPS / 3);
        assertThat(answer().at("/model/version").asString()).isEqualTo(Integer.toString(1 + SWAPS));
        assertThat(mostOpen).hasValueLessThanOrEqualTo(1 + CLIENTS);
        assertThat(open).hasValue(1);
        assertThat(management.get("/actuator/prometheus").body()).contains("captioner_models_swaps_versions_total{");
    }

    private List<String> versionsAnsweredWhile(Callable<?> work) throws Exception {
        AtomicBoolean working = new AtomicBoolean(true);
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<List<String>>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> {
                    List<String> versions = new ArrayList<>();
                    do {
                        versions.add(answer().at("/model/version").asString());
                    } while (working.get());
                    return versions;
                }));
            }
            work.call();
            working.set(false);
            List<String> versions = new ArrayList<>();
            for (Future<List<String>> answered : clients) {
                versions.addAll(answered.get());
            }
            return versions;
        } finally {
            working.set(false);
            threads.shutdownNow();
        }
    }

    private JsonNode answer() throws IOException, InterruptedException {
        HttpResponse<String> response = client.postBody("", "image/png", RED);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    private HttpResponse<String> reload() throws IOException, InterruptedException {
        return management.send(management.request("/actuator/models").POST(BodyPublishers.noBody()));
    }

    private static Arguments corruption(String name, String reason, Corruption corruption) {
        return Arguments.of(name, reason, corruption);
    }

    private static void edit(Path bundle, String old, String with) throws IOException {
        Path file = bundle.resolve(Bundle.MANIFEST);
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, with));
    }

    /** A model that is counted while it is open. */
    private static final class CountedModel implements CaptionModel {
        private final CaptionModel model;
        private final AtomicInteger open;

        CountedModel(CaptionModel model, AtomicInteger open) {
            this.model = model;
            this.open = open;
            open.incrementAndGet();
        }

        @Override
        public Manifest manifest() {
            return model.manifest();
        }

        @Override
        public Vocabulary vocabulary() {
            return model.vocabulary();
        }

        @Override
        public List<List<Hypothesis>> caption(List<Pixels> batch, DecodeOptions options) {
            return model.caption(batch, options);
        }

        @Override
        public List<List<Hypothesis>> score(List<Pixels> batch, List<List<int[]>> captions) {
            return model.score(batch, captions);
        }

        @Override
        public void close() {
            open.decrementAndGet();
            model.close();
        }
    }
}
