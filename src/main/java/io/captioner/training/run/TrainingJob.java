package io.captioner.training.run;

import io.captioner.image.ImageSize;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.jobs.Progress;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Bundle;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import io.captioner.text.CaptionTokenizer;
import io.captioner.text.Vocabulary;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.ImageValidator;
import io.captioner.training.data.Split;
import io.captioner.training.data.VocabularyBuilder;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.evaluation.EvaluationReport;
import io.captioner.training.export.BundleExporter;
import io.captioner.training.features.CachedPhotos;
import io.captioner.training.features.Example;
import io.captioner.training.features.FeatureCache;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.graph.EncoderTuning;
import io.captioner.training.metrics.Validation;
import io.captioner.training.resume.CheckpointStore;
import io.captioner.training.resume.RunLog;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/** The training job: from photos and captions to a bundle in {@code models/}; docs/architecture.md lists its steps. */
public final class TrainingJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(TrainingJob.class);

    private final TrainingProperties properties;
    private final Encoder encoder;
    private final WeightsReader weightsReader;
    private final PhotoDecoder decoder;
    private final ParityCheck parity;
    private final String commit;
    private final Progress progress;

    /** Reads an encoder's weights. */
    @FunctionalInterface
    public interface WeightsReader {
        /**
         * Reads all weights of a file.
         *
         * @param file as {@code captioner.training.encoder.weights} names it
         */
        NamedWeights read(Path file) throws IOException;
    }

    /**
     * A job that has not started.
     *
     * @param decoder makes pixels of photos, as the service's does
     * @param commit the commit this program was built from, for provenance
     */
    public TrainingJob(
            TrainingProperties properties,
            Encoder encoder,
            WeightsReader weightsReader,
            PhotoDecoder decoder,
            String commit,
            Progress progress) {
        this.properties = properties;
        this.encoder = encoder;
        this.weightsReader = weightsReader;
        this.decoder = decoder;
        this.parity = new ParityCheck(decoder, progress);
        this.commit = commit;
        this.progress = progress;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        log.info("training with {}", properties);
        Set<String> tuned = tunedWeights();
        BundleExporter exporter = new BundleExporter(properties.models(), properties.name(), properties.version());
        if (isDone(exporter)) {
            log.info("{} is what this run has made before: there is nothing left to do", exporter.target());
            return;
        }
        exporter.requireFree();
        try (CaptionDataset data = readData()) {
            train(exporter, data, tuned);
        }
    }

    /**
     * Returns whether the bundle is there, and its provenance this run's: the process ended right after it was made.
     */
    private boolean isDone(BundleExporter exporter) throws IOException {
        if (!Files.exists(exporter.target().resolve(Bundle.MANIFEST))) {
            return false;
        }
        NamedWeights weights =
                weightsReader.read(properties.encoder().weights()).fitTo(encoder);
        return Provenance.of(properties, commit, encoder, weights)
                .isOf(ManifestFile.read(exporter.target()).provenance());
    }

    private void train(BundleExporter exporter, CaptionDataset data, Set<String> tuned) throws IOException {
        List<CaptionedPhoto> training = data.photos(Split.TRAIN);
        List<CaptionedPhoto> validation = data.photos(Split.VALIDATION);
        requireAny(training, Split.TRAIN);
        requireAny(validation, Split.VALIDATION);
        List<List<String>> tokenized = new ArrayList<>();
        training.forEach(photo -> photo.captions().forEach(caption -> tokenized.add(CaptionTokenizer.words(caption))));
        Vocabulary vocabulary = vocabulary(tokenized);
        List<Example> examples = examples(training, vocabulary);
        if (examples.isEmpty()) {
            throw new UnusableJobException(
                    "no training caption has 1 to %d words: raise captioner.training.data.max-words"
                            .formatted(properties.data().maxWords()));
        }
        log.info(
                "{} training photos with {} captions, {} validation photos; {} words stand at least {} times; {} captions of more than {} words are left out",
                training.size(),
                tokenized.size(),
                validation.size(),
                vocabulary.size(),
                properties.data().minimumCount(),
                tokenized.size() - examples.size(),
                properties.data().maxWords());

        NamedWeights encoderWeights =
                weightsReader.read(properties.encoder().weights()).fitTo(encoder);
        Provenance provenance = Provenance.of(properties, commit, encoder, encoderWeights);
        RunLog runLog = new RunLog(properties.runDirectory(), InstantSource.system());
        runLog.start(provenance.facts());

        DecoderSize size = size(vocabulary);
        Decoder network = properties.decoder().kind().of(size);
        FeatureCache trainingCache = features(
                Split.TRAIN,
                encoderWeights,
                properties.encoder().trainingPrecision(),
                training,
                properties.data().mirror());
        FeatureCache validationCache = features(Split.VALIDATION, encoderWeights, Precision.FLOAT32, validation, false);
        TrainingSessions.Cached cached = new TrainingSessions.Cached(
                new CachedPhotos(trainingCache, size), new CachedPhotos(validationCache, size));
        TrainingData material = new TrainingData(
                examples, training, validation, vocabulary, new Manifest.Grid(encoder.rows(), encoder.columns()));
        Trainer.Outcome outcome;
        try (runLog;
                TrainingSessions stages = new TrainingSessions(
                        network,
                        properties.optimiser().settings(),
                        stepLengths(properties.data().maxWords()),
                        properties.seed(),
                        cached,
                        tuned.isEmpty() ? null : tuned(tuned, material, encoderWeights))) {
            outcome = new Trainer(properties, stages, new CheckpointStore(properties.runDirectory()), runLog, progress)
                    .train(material, provenance.run());
        }
        Validation best = outcome.validation();
        log.info("best: {}; wrote {}", best.summary(), report(provenance, validation, best));
        log.info("wrote {}", export(exporter, network, material, provenance, encoderWeights, outcome));
    }

    /** Returns the names of the encoder's weights that are trained; none if it stays frozen. */
    private Set<String> tunedWeights() {
        if (properties.fineTuning().epochs() == 0) {
            return Set.of();
        }
        try {
            return EncoderTuning.from(encoder, properties.fineTuning().firstLayer());
        } catch (IllegalArgumentException e) {
            throw new UnusableJobException(
                    "captioner.training.fine-tuning does not fit the encoder: " + e.getMessage());
        }
    }

    private TrainingSessions.Tuned tuned(Set<String> trained, TrainingData material, NamedWeights weights) {
        Map<String, float[]> initial = new LinkedHashMap<>();
        weights.values().forEach((name, weight) -> initial.put(name, weight.values()));
        int longest = properties.data().maxWords() + 1;
        return new TrainingSessions.Tuned(
                new EncoderTuning(encoder, initial, trained),
                List.of((longest + 1) / 2, longest),
                files(material.training()),
                files(material.validation()),
                this::pixels,
                properties.fineTuning().augmentation());
    }

    private Path report(Provenance provenance, List<CaptionedPhoto> validation, Validation best) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("data", properties.data().name());
        facts.put("split", Split.VALIDATION.label());
        facts.put("photos", Integer.toString(validation.size()));
        facts.putAll(provenance.facts());
        String search = properties.decoding().beamWidth() == 1
                ? "greedy"
                : "beam " + properties.decoding().beamWidth();
        return new EvaluationReport(properties.runDirectory(), decoder)
                .write(
                        properties.name() + "/" + properties.version(),
                        facts,
                        validation,
                        Map.of(search, best),
                        properties.runDirectory());
    }

    private CaptionDataset readData() throws IOException {
        TrainingProperties.Data settings = properties.data();
        ImageValidator inspector =
                new ImageValidator(decoder, properties.cacheDirectory().resolve("pictures.jsonl"), progress);
        CaptionDataset data = CaptionDataset.read(settings.files(), settings.lint(), inspector);
        data.faults().forEach(fault -> log.warn("left out: {}", fault));
        if (data.unused() > 0) {
            log.info("{} photos are in no split", data.unused());
        }
        return data;
    }

    private void requireAny(List<CaptionedPhoto> photos, Split split) {
        if (photos.isEmpty()) {
            throw new UnusableJobException(
                    "there is no photo in split '%s' of %s: name one in the captions, or with captioner.training.data.splits"
                            .formatted(split.label(), properties.data().captions()));
        }
    }

    private Vocabulary vocabulary(List<List<String>> tokenized) {
        try {
            return VocabularyBuilder.build(
                    tokenized,
                    properties.data().minimumCount(),
                    properties.data().maxVocabulary());
        } catch (IllegalArgumentException e) {
            throw new UnusableJobException("captioner.training.data.minimum-count is %d, but %s"
                    .formatted(properties.data().minimumCount(), e.getMessage()));
        }
    }

    private List<Example> examples(List<CaptionedPhoto> photos, Vocabulary vocabulary) {
        List<Example> examples = new ArrayList<>();
        for (int photo = 0; photo < photos.size(); photo++) {
            for (String caption : photos.get(photo).captions()) {
                int[] words = CaptionTokenizer.words(caption).stream()
                        .mapToInt(vocabulary::id)
                        .toArray();
                if (words.length > 0 && words.length <= properties.data().maxWords()) {
                    examples.add(new Example(photo, words));
                }
            }
        }
        return examples;
    }

    /** The token counts for which a step is unrolled: close together where most captions are. */
    static List<Integer> stepLengths(int maxWords) {
        List<Integer> lengths = new ArrayList<>();
        for (int length = 6; length < maxWords + 1; length += length < 14 ? 2 : 3) {
            lengths.add(length);
        }
        lengths.add(maxWords + 1);
        return lengths;
    }

    private DecoderSize size(Vocabulary vocabulary) {
        TrainingProperties.Decoder decoder = properties.decoder();
        return new DecoderSize(
                vocabulary.size(),
                encoder.rows() * encoder.columns(),
                encoder.channels(),
                decoder.features(),
                decoder.attention(),
                decoder.embedding(),
                decoder.hidden(),
                decoder.output(),
                decoder.temperature());
    }

    private FeatureCache features(
            Split split, NamedWeights weights, Precision precision, List<CaptionedPhoto> photos, boolean mirrored)
            throws IOException {
        return FeatureCache.open(
                properties.cacheDirectory().resolve(split.label()),
                encoder,
                weights,
                precision,
                files(photos),
                mirrored,
                this::pixels,
                progress);
    }

    private Pixels pixels(byte[] content, ImageSize size) {
        return decoder.decode(content, size).pixels();
    }

    private static List<Path> files(List<CaptionedPhoto> photos) {
        return photos.stream().map(CaptionedPhoto::file).toList();
    }

    private Path export(
            BundleExporter exporter,
            Decoder network,
            TrainingData material,
            Provenance provenance,
            NamedWeights encoderWeights,
            Trainer.Outcome outcome)
            throws IOException {
        DecodeOptions defaults = properties.decoding().options();
        List<CaptionedPhoto> training = material.training();
        Validation best = outcome.validation();
        BundleExporter.Description description = new BundleExporter.Description(
                properties.description(),
                encoder.name(),
                properties.decoder().kind().label(),
                defaults,
                new Manifest.TrainingData(
                        properties.data().name(),
                        properties.data().licence(),
                        List.of(Split.TRAIN.label()),
                        training.size(),
                        training.stream()
                                .mapToInt(photo -> photo.captions().size())
                                .sum()),
                provenance.facts(),
                best.figures());
        try (CaptioningGraph graph = new CaptioningGraph(
                encoder,
                tf -> outcome.encoderConstants(tf, encoderWeights.constants(tf)),
                network,
                outcome::decoderConstants,
                defaults.maxWords())) {
            return exporter.export(
                    graph,
                    encoder,
                    material.vocabulary(),
                    description,
                    properties.seed(),
                    bundle -> parity.require(bundle, material.validation(), best.captions()));
        }
    }
}
