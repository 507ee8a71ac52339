package io.captioner.training.checkpoints;

import io.captioner.files.Sha256;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.DecodeRequest;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import io.captioner.model.ModelCard;
import io.captioner.model.ModelDevice;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.model.djl.NativeEnvironment;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.evaluation.BundleCaptioner;
import io.captioner.training.export.BundleExporter;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.metrics.Validation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The import job: from a checkpoint and its vocabulary to a bundle with a card, checked before it is published. */
final class ImportJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(ImportJob.class);
    private static final long GOLDEN_SEED = 1;

    private final ImportProperties properties;
    private final PhotoDecoder decoder;
    private final Progress progress;

    ImportJob(ImportProperties properties, PhotoDecoder decoder, Progress progress) {
        this.properties = properties;
        this.decoder = decoder;
        this.progress = progress;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        BundleExporter exporter = new BundleExporter(properties.models(), properties.name(), properties.version());
        exporter.requireFree();
        NativeEnvironment.silenceFirstRun();
        try (Checkpoint checkpoint = CheckpointFormat.open(properties.checkpoint())) {
            NameMap map =
                    properties.map() == null ? properties.format().map(checkpoint) : NameMap.read(properties.map());
            log.info(
                    "{} holds {} tensors; read as {}",
                    checkpoint.origin(),
                    checkpoint.tensors().size(),
                    map.origin());
            WordList words = WordList.read(properties.vocabulary(), map.specials());
            ImportedNetwork network = ImportedNetwork.of(checkpoint, map, words);
            log.info(
                    "all weights found: {} and {}",
                    network.encoder().name(),
                    map.decoder().label());
            Map<String, String> sha256 = sha256(checkpoint);
            try (CaptioningGraph graph = network.graph(properties.weights())) {
                Path written = exporter.export(
                        graph,
                        network.encoder(),
                        network.words().vocabulary(),
                        description(network, map, sha256),
                        GOLDEN_SEED,
                        bundle -> finish(bundle, network.tensors()));
                log.info("wrote {}", written);
            }
        }
    }

    private Map<String, String> sha256(Checkpoint checkpoint) throws IOException {
        Map<String, String> sha256 = new LinkedHashMap<>();
        for (Path file : checkpoint.files()) {
            sha256.put(String.valueOf(file.getFileName()), Sha256.of(file));
        }
        sha256.put(String.valueOf(properties.vocabulary().getFileName()), Sha256.of(properties.vocabulary()));
        return sha256;
    }

    private BundleExporter.Description description(ImportedNetwork network, NameMap map, Map<String, String> sha256) {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("import", map.origin());
        provenance.put("source", map.text("source", "not named"));
        sha256.forEach((file, hash) -> provenance.put("sha256 of " + file, hash));
        provenance.put("decoder", sizes(network.decoder().size()));
        return new BundleExporter.Description(
                map.text("description", "An imported captioner"),
                network.encoder().name(),
                map.decoder().label(),
                map.search(),
                language(map, network.words()),
                new Manifest.TrainingData("not named by the checkpoint", properties.licence(), List.of(), 0, 0),
                provenance,
                Map.of());
    }

    /** The sizes in the words in which the provenance of a training run has them. */
    private static String sizes(DecoderSize size) {
        return "Decoder[features=%d, attention=%d, embedding=%d, hidden=%d, output=%d, temperature=%s]"
                .formatted(
                        size.features(),
                        size.attention(),
                        size.embedding(),
                        size.hidden(),
                        size.output(),
                        size.temperature());
    }

    private String language(NameMap map, WordOrder words) {
        String set = properties.language() == null ? map.language() : properties.language();
        if (set != null) {
            return set;
        }
        int size = words.vocabulary().size();
        long chinese = IntStream.range(0, size)
                .filter(id ->
                        Character.UnicodeScript.of(words.vocabulary().word(id).codePointAt(0))
                                == Character.UnicodeScript.HAN)
                .count();
        return 2 * chinese > size ? "zh" : "en";
    }

    /** Checks the bundle as the service loads it, and scores it if that is asked for. */
    private List<ModelCard.Section> finish(Path bundle, int tensors) throws IOException {
        DjlBundleLoader.load(bundle, ModelDevice.CPU).close();
        ManifestFile.write(bundle, ManifestFile.read(bundle).withScores(scores(bundle)));
        return List.of(new ModelCard.Section(
                "What was verified",
                "- The %d tensors of the checkpoint are those of the network, by name and shape; none is missing, none left over.%n- The bundle was loaded as the service loads it, and gives its golden answers."
                        .formatted(tensors)));
    }

    private Map<String, Double> scores(Path bundle) throws IOException {
        ImportProperties.@Nullable Evaluate evaluate = properties.evaluate();
        if (evaluate == null) {
            return Map.of();
        }
        try (CaptionDataset data = CaptionDataset.read(evaluate.files(), LintMode.STRICT, null);
                BundleCaptioner captioner = new BundleCaptioner(bundle, null, decoder, progress)) {
            List<CaptionedPhoto> photos = data.photos(evaluate.split());
            if (photos.isEmpty()) {
                throw new UnusableJobException(
                        "there is no photo in split '%s' of %s; set captioner.import.evaluate.split"
                                .formatted(evaluate.split().label(), evaluate.captions()));
            }
            Validation scored = Validation.of(photos, captioner.caption(photos, DecodeRequest.DEFAULTS, "scores"));
            log.info("{} photos: {}", photos.size(), scored.summary());
            return scored.figures();
        }
    }

    /** The job that imports a checkpoint. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "import")
    @EnableConfigurationProperties(ImportProperties.class)
    static class ImportConfiguration {
        @Bean
        ImportJob importJob(ImportProperties properties, Progress progress) {
            return new ImportJob(properties, new PhotoDecoder(ImageLimits.defaults()), progress);
        }
    }
}
