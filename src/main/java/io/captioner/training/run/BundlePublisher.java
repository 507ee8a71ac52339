package io.captioner.training.run;

import io.captioner.image.PhotoDecoder;
import io.captioner.jobs.Progress;
import io.captioner.model.Bundle;
import io.captioner.model.Calibration;
import io.captioner.model.DecodeOptions;
import io.captioner.model.DecodeRequest;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import io.captioner.model.TrainingPhotos;
import io.captioner.training.calibration.BundleCalibrator;
import io.captioner.training.calibration.CalibrationReport;
import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.Split;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.evaluation.BundleCaptioner;
import io.captioner.training.export.BundleExporter;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.metrics.GeneratedCaption;
import io.captioner.training.metrics.Validation;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.WeightFormat;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last step of a run: exports its best weights as a bundle, which is published only after the parity check. */
final class BundlePublisher {
    private static final Logger log = LoggerFactory.getLogger(BundlePublisher.class);
    /**
     * Training decodes features that were cached in half precision: rarely, two captions of equal rank change places.
     */
    private static final double LEAST_PARITY = 0.99;

    private final TrainingProperties properties;
    private final Encoder encoder;
    private final BundleExporter exporter;
    private final BundleCalibrator calibrator;
    private final PhotoDecoder photoDecoder;
    private final Progress progress;

    BundlePublisher(TrainingProperties properties, Encoder encoder, PhotoDecoder photoDecoder, Progress progress) {
        this.properties = properties;
        this.encoder = encoder;
        this.exporter = new BundleExporter(properties.models(), properties.name(), properties.version());
        this.calibrator = new BundleCalibrator(photoDecoder, BundleCalibrator.Settings.DEFAULTS, progress);
        this.photoDecoder = photoDecoder;
        this.progress = progress;
    }

    /** Returns the directory of the bundle, whether it exists or not. */
    Path target() {
        return exporter.target();
    }

    /** Returns whether a complete bundle is at the target. */
    boolean exists() {
        return Files.exists(target().resolve(Bundle.MANIFEST));
    }

    /** Returns whether the existing bundle is of the same run: the process ended right after it was published. */
    boolean isOf(Provenance provenance) throws IOException {
        return provenance.isOf(ManifestFile.read(target()).provenance());
    }

    /** @throws FileAlreadyExistsException if there is a bundle of this name and version */
    void requireFree() throws FileAlreadyExistsException {
        exporter.requireFree();
    }

    /**
     * Exports, checks and publishes the bundle.
     *
     * @return its directory
     */
    Path publish(
            Decoder decoder,
            TrainingData data,
            Provenance provenance,
            NamedWeights encoderWeights,
            Trainer.Outcome outcome)
            throws IOException {
        DecodeOptions defaults = properties.decoding().options();
        Validation best = outcome.validation();
        WeightFormat format = properties.weightFormat();
        Map<String, float[]> ofEncoder = outcome.encoderWeights(encoderWeights);
        Function<@Nullable TrainingPhotos, CaptioningGraph> graphs = photos -> new CaptioningGraph(
                encoder,
                tf -> format.constants(tf, ofEncoder),
                decoder,
                tf -> format.constants(tf, outcome.decoderWeights()),
                defaults.maxWords(),
                photos);
        try (CaptioningGraph graph = graphs.apply(null)) {
            return exporter.export(
                    graph,
                    encoder,
                    data.vocabulary(),
                    description(data, provenance, defaults, best),
                    properties.seed(),
                    bundle -> {
                        requireParity(bundle, data.validation(), best.captions());
                        calibrate(bundle, data, graphs);
                        return List.of();
                    });
        }
    }

    /**
     * Calibrates with the validation photos, after the prior of words is in the graph if it is wanted; the job
     * {@code calibrate} does it with other data too.
     */
    private void calibrate(Path bundle, TrainingData data, Function<@Nullable TrainingPhotos, CaptioningGraph> graphs)
            throws IOException {
        if (data.validation().size() < 2) {
            log.warn(
                    "one validation photo is too few to calibrate confidence: the bundle has none, and no prior of words");
            return;
        }
        BundleCalibrator.DataSet validation = new BundleCalibrator.DataSet(
                properties.data().name() + " " + Split.VALIDATION.label(), data.validation());
        TrainingPhotos photos = calibrator.trainingPhotos(bundle, data.training(), validation);
        if (properties.decoding().wordPrior()) {
            try (CaptioningGraph graph = graphs.apply(photos)) {
                BundleExporter.replaceGraph(bundle, graph, encoder.preparation(), properties.seed());
            }
        }
        Calibration calibration = calibrator.calibrate(bundle, photos, List.of(validation), null);
        CalibrationReport.lines(calibration).forEach(line -> log.info("{}", line));
    }

    private BundleExporter.Description description(
            TrainingData data, Provenance provenance, DecodeOptions defaults, Validation best) {
        Manifest start = properties.startFrom() == null ? null : ManifestFile.read(properties.startFrom());
        return new BundleExporter.Description(
                properties.description(),
                encoder.name(),
                properties.decoder().kind().label(),
                defaults,
                start == null ? properties.data().language() : start.language(),
                new Manifest.TrainingData(
                        properties.data().name(),
                        terms(
                                properties.data().licence(),
                                start == null ? null : start.trainingData().licence()),
                        List.of(Split.TRAIN.label()),
                        data.training().size(),
                        data.trainingCaptions()),
                provenance.facts(),
                best.figures());
    }

    /** Returns the terms of the data, and those of the weights that the training started from if they are others. */
    static String terms(String licence, @Nullable String ofStart) {
        if (ofStart == null) {
            return licence;
        }
        String both = licence + "; the weights it started from: ";
        return ofStart.equals(licence) || ofStart.startsWith(both) ? ofStart : both + ofStart;
    }

    /**
     * Requires that a bundle gives the captions of its training: it is loaded as the service loads it, and captions the
     * photos from their files with its own search.
     *
     * @param trained the captions that the training graph gave, in the same order
     * @throws IllegalStateException if the captions of the bundle differ
     */
    private void requireParity(Path bundle, List<CaptionedPhoto> validation, List<String> trained) throws IOException {
        List<GeneratedCaption> captions;
        try (BundleCaptioner captioner = new BundleCaptioner(bundle, null, photoDecoder, progress)) {
            captions = captioner.caption(validation, DecodeRequest.DEFAULTS, "parity");
        }
        int same = 0;
        for (int i = 0; i < trained.size(); i++) {
            same += captions.get(i).text().equals(trained.get(i)) ? 1 : 0;
        }
        log.info("{} of {} captions of the bundle are those of the training graph", same, trained.size());
        if (same < LEAST_PARITY * trained.size()) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "only %d of %d captions of the bundle are those of the training graph; it stays unpublished in %s",
                    same,
                    trained.size(),
                    bundle));
        }
    }
}
