package io.captioner.training.run;

import io.captioner.image.ImagePreparation;
import io.captioner.image.PhotoDecoder;
import io.captioner.image.Pixels;
import io.captioner.image.format.ImageLimits;
import io.captioner.jobs.Progress;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Manifest;
import io.captioner.model.djl.NativeEnvironment;
import io.captioner.text.Vocabulary;
import io.captioner.training.data.CaptionDataset;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.ImageValidator;
import io.captioner.training.data.Split;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.encoder.Encoders;
import io.captioner.training.evaluation.EvaluationReport;
import io.captioner.training.export.TrainedBundle;
import io.captioner.training.features.CachedPhotos;
import io.captioner.training.features.FeatureCache;
import io.captioner.training.graph.EncoderTuning;
import io.captioner.training.metrics.Validation;
import io.captioner.training.resume.CheckpointStore;
import io.captioner.training.resume.RunLog;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.GitProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The training job: from photos and captions to a bundle in {@code models/}. {@link #run} lists its steps, which
 * docs/architecture.md describes.
 */
public final class TrainingJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(TrainingJob.class);

    private final TrainingProperties properties;
    private final Encoder encoder;
    private final WeightsReader weightsReader;
    private final PhotoDecoder photoDecoder;
    private final BundlePublisher publisher;
    private final String commit;
    private final Progress progress;
    private final @Nullable TrainedBundle start;

    /** The source of an encoder's weights. */
    @FunctionalInterface
    interface WeightsReader {
        /** Reads all weights. */
        NamedWeights read() throws IOException;
    }

    /**
     * A job that has not started.
     *
     * @param photoDecoder the decoder of photos that the service uses
     * @param commit the commit this program was built from, for provenance
     * @param start the bundle that training starts from, null for none; its encoder and decoder are those of the other
     *     arguments
     */
    TrainingJob(
            TrainingProperties properties,
            Encoder encoder,
            WeightsReader weightsReader,
            PhotoDecoder photoDecoder,
            String commit,
            Progress progress,
            @Nullable TrainedBundle start) {
        this.properties = properties;
        this.encoder = encoder;
        this.weightsReader = weightsReader;
        this.photoDecoder = photoDecoder;
        this.publisher = new BundlePublisher(properties, encoder, photoDecoder, progress);
        this.commit = commit;
        this.progress = progress;
        this.start = start;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        log.info("training with {}", properties);
        Set<String> tunedWeights = tunedWeights();
        if (isPublished()) {
            log.info("{} is the bundle of this run: there is nothing left to do", publisher.target());
            return;
        }
        publisher.requireFree();
        NativeEnvironment.silenceFirstRun();
        try (CaptionDataset dataset = readDataset()) {
            TrainingData data = TrainingData.of(dataset, properties, grid(), start == null ? null : start.vocabulary());
            NamedWeights given = readEncoderWeights();
            Provenance provenance = Provenance.of(properties, commit, encoder, given);
            NamedWeights encoderWeights = properties.weightFormat().rounded(given); // what is trained on will ship
            RunLog runLog = startLog(provenance);
            Decoder decoder = decoder(data.vocabulary());
            TrainingSessions.CachedFeatures features = extractFeatures(data, decoder, encoderWeights);
            Trainer.Outcome outcome;
            try (runLog;
                    TrainingSessions sessions = sessions(decoder, features, data, tunedWeights, encoderWeights)) {
                outcome = train(sessions, runLog, data, provenance);
            }
            report(data, provenance, outcome.validation());
            publish(decoder, data, provenance, encoderWeights, outcome);
        }
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

    private boolean isPublished() throws IOException {
        return publisher.exists() && publisher.isOf(Provenance.of(properties, commit, encoder, readEncoderWeights()));
    }

    private CaptionDataset readDataset() throws IOException {
        TrainingProperties.Data settings = properties.data();
        ImageValidator validator =
                new ImageValidator(photoDecoder, properties.cacheDirectory().resolve("pictures.jsonl"), progress);
        CaptionDataset dataset = CaptionDataset.read(settings.files(), settings.lint(), validator);
        dataset.faults().forEach(fault -> log.warn("left out: {}", fault));
        if (dataset.unused() > 0) {
            log.info("{} photos are in no split", dataset.unused());
        }
        return dataset;
    }

    private Manifest.Grid grid() {
        return new Manifest.Grid(encoder.rows(), encoder.columns());
    }

    private NamedWeights readEncoderWeights() throws IOException {
        return weightsReader.read().fitTo(encoder);
    }

    private RunLog startLog(Provenance provenance) {
        RunLog runLog = new RunLog(properties.runDirectory(), InstantSource.system());
        runLog.start(provenance.facts());
        return runLog;
    }

    private Decoder decoder(Vocabulary vocabulary) {
        TrainingProperties.Decoder settings = properties.decoder();
        Decoder decoder = settings.kind()
                .of(new DecoderSize(
                        vocabulary.size(),
                        encoder.rows() * encoder.columns(),
                        encoder.channels(),
                        settings.features(),
                        settings.attention(),
                        settings.embedding(),
                        settings.hidden(),
                        settings.output(),
                        settings.temperature(),
                        vocabulary.unused()));
        if (decoder.attends() && decoder.size().cells() == 1) {
            throw new UnusableJobException(
                    "the decoder %s attends to places, but the encoder %s gives one vector for the whole photo: set captioner.training.encoder.pooled=false, a larger captioner.training.encoder.input-size, or another captioner.training.decoder.kind"
                            .formatted(settings.kind().label(), encoder.name()));
        }
        return decoder;
    }

    private TrainingSessions.CachedFeatures extractFeatures(
            TrainingData data, Decoder decoder, NamedWeights encoderWeights) throws IOException {
        CachedPhotos training = new CachedPhotos(
                () -> features(
                        Split.TRAIN,
                        encoderWeights,
                        properties.encoder().trainingPrecision(),
                        data.training(),
                        properties.data().mirror()),
                decoder.size());
        CachedPhotos validation = new CachedPhotos(
                () -> features(Split.VALIDATION, encoderWeights, Precision.FLOAT32, data.validation(), false),
                decoder.size());
        if (properties.optimiser().epochs() > 0 || properties.fineTuning().epochs() == 0) {
            training.open();
        } // else a fine-tuning, which reads the photos themselves, comes first
        validation.open();
        return new TrainingSessions.CachedFeatures(training, validation);
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

    private TrainingSessions sessions(
            Decoder decoder,
            TrainingSessions.CachedFeatures features,
            TrainingData data,
            Set<String> tunedWeights,
            NamedWeights encoderWeights)
            throws IOException {
        return new TrainingSessions(
                decoder,
                properties.optimiser().settings(),
                TrainingSessions.stepLengths(properties.data().maxWords()),
                properties.seed(),
                features,
                start == null ? Map.of() : start.decoderWeights(),
                tunedWeights.isEmpty() ? null : fineTuning(tunedWeights, data, encoderWeights));
    }

    private TrainingSessions.FineTuning fineTuning(Set<String> tunedWeights, TrainingData data, NamedWeights weights) {
        Map<String, float[]> initial = new LinkedHashMap<>();
        weights.values().forEach((name, weight) -> initial.put(name, weight.values()));
        int longest = properties.data().maxWords() + 1;
        return new TrainingSessions.FineTuning(
                new EncoderTuning(encoder, initial, tunedWeights),
                List.of((longest + 1) / 2, longest),
                files(data.training()),
                files(data.validation()),
                this::pixels,
                properties.fineTuning().augmentation());
    }

    /** Restores the last checkpoint, runs the phases, and validates each epoch. */
    private Trainer.Outcome train(TrainingSessions sessions, RunLog runLog, TrainingData data, Provenance provenance) {
        CheckpointStore checkpoints = new CheckpointStore(properties.runDirectory());
        return new Trainer(properties, sessions, checkpoints, runLog, progress).train(data, provenance.run());
    }

    private void report(TrainingData data, Provenance provenance, Validation best) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("data", properties.data().name());
        facts.put("split", Split.VALIDATION.label());
        facts.put("photos", Integer.toString(data.validation().size()));
        facts.putAll(provenance.facts());
        String search = properties.decoding().beamWidth() == 1
                ? "greedy"
                : "beam " + properties.decoding().beamWidth();
        Path page = new EvaluationReport(properties.runDirectory(), photoDecoder)
                .write(
                        properties.name() + "/" + properties.version(),
                        facts,
                        data.validation(),
                        Map.of(search, best),
                        properties.runDirectory());
        log.info("best: {}; wrote {}", best.summary(), page);
    }

    /** Exports the bundle, and publishes it after the parity check. */
    private void publish(
            Decoder decoder,
            TrainingData data,
            Provenance provenance,
            NamedWeights encoderWeights,
            Trainer.Outcome outcome)
            throws IOException {
        log.info("wrote {}", publisher.publish(decoder, data, provenance, encoderWeights, outcome));
    }

    private Pixels pixels(byte[] content, ImagePreparation preparation) {
        return photoDecoder.decode(content, preparation).pixels();
    }

    private static List<Path> files(List<CaptionedPhoto> photos) {
        return photos.stream().map(CaptionedPhoto::file).toList();
    }

    /** The beans of the training job. */
    @Configuration(proxyBeanMethods = false)
    @Profile("training")
    @ConditionalOnProperty(name = "captioner.job", havingValue = "train", matchIfMissing = true)
    @EnableConfigurationProperties(TrainingProperties.class)
    static class TrainingConfiguration {
        @Bean
        TrainingJob trainingJob(TrainingProperties properties, ObjectProvider<GitProperties> git, Progress progress)
                throws IOException {
            GitProperties build = git.getIfAvailable();
            String commit = build == null ? "unknown" : String.valueOf(build.getCommitId());
            PhotoDecoder photos = new PhotoDecoder(ImageLimits.defaults());
            Path from = properties.startFrom();
            if (from == null) {
                return new TrainingJob(
                        properties,
                        Encoders.create(properties.encoder()),
                        () -> Encoders.readWeights(properties.encoder()),
                        photos,
                        commit,
                        progress,
                        null);
            }
            return startingFrom(TrainedBundle.read(from), properties, photos, commit, progress);
        }
    }

    /** Returns a job that trains a bundle further. */
    static TrainingJob startingFrom(
            TrainedBundle bundle,
            TrainingProperties properties,
            PhotoDecoder photos,
            String commit,
            Progress progress) {
        return new TrainingJob(
                properties.withDecoderOf(bundle),
                bundle.encoder(),
                bundle::encoderWeights,
                photos,
                commit,
                progress,
                bundle);
    }
}
