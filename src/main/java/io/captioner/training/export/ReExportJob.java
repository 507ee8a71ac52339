package io.captioner.training.export;

import io.captioner.image.ImagePreparation;
import io.captioner.image.Pixels;
import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Bundle;
import io.captioner.model.CaptionModel;
import io.captioner.model.DecodeOptions;
import io.captioner.model.Golden;
import io.captioner.model.GoldenImages;
import io.captioner.model.Manifest;
import io.captioner.model.ModelDevice;
import io.captioner.model.TrainingPhotos;
import io.captioner.model.djl.DjlBundleLoader;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.graph.DecodedCaption;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.tensorflow.types.TUint8;

/**
 * The job that writes a bundle again with this program's graph, its weights read out of the bundle itself. The new
 * bundle must give the golden answers of the old one, but for what a prior of words changes that only one of them has.
 */
final class ReExportJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(ReExportJob.class);

    private final ReExportProperties properties;

    ReExportJob(ReExportProperties properties) {
        this.properties = properties;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        TrainedBundle bundle = TrainedBundle.read(properties.bundle());
        Manifest manifest = bundle.manifest();
        BundleExporter exporter = new BundleExporter(properties.models(), manifest.name(), properties.version());
        exporter.requireFree();
        WeightFormat format = bundle.weightFormat();
        boolean prior = Objects.requireNonNullElse(properties.wordPrior(), bundle.wordPrior());
        boolean answersStay = prior == bundle.wordPrior();
        Map<String, float[]> ofEncoder = bundle.encoderWeights().arrays();
        try (CaptioningGraph graph = new CaptioningGraph(
                bundle.encoder(),
                tf -> format.constants(tf, ofEncoder),
                bundle.decoder(),
                tf -> format.constants(tf, bundle.decoderWeights()),
                manifest.defaults().maxWords(),
                prior ? photos(bundle.directory()) : null)) {
            Path written = exporter.exportAgain(
                    graph,
                    bundle.directory(),
                    manifest,
                    answersStay ? Golden.read(bundle.directory()) : answers(graph, bundle));
            log.info("wrote {}: this program's graph with the weights of {}", written, bundle.directory());
        }
        if (!answersStay) {
            log.info("{} captions otherwise: calibrate it anew with captioner.job=calibrate", exporter.target());
        }
    }

    private static TrainingPhotos photos(Path bundle) {
        TrainingPhotos photos = TrainingPhotos.read(bundle);
        if (photos == null || photos.neighbours() == null) {
            throw new UnusableJobException(
                    "%s has no %s, whose captions the prior of words needs: calibrate the bundle with training photos first (captioner.calibration.training.captions), or give captioner.re-export.word-prior=false"
                            .formatted(bundle, Bundle.NEIGHBOURS));
        }
        return photos;
    }

    /** Returns the answers of a graph that is to differ from the bundle's in searches with consensus only. */
    private static Golden answers(CaptioningGraph graph, TrainedBundle bundle) {
        Golden golden = Golden.read(bundle.directory());
        ImagePreparation preparation = bundle.encoder().preparation();
        DecodeOptions options = bundle.manifest().defaults().withoutConsensus();
        List<Pixels> pictures = GoldenImages.draw(golden.seed(), golden.images(), preparation);
        try (CaptionModel model = DjlBundleLoader.load(bundle.directory(), ModelDevice.CPU);
                TUint8 images = Tensors.images(pictures)) {
            List<int[]> before = model.caption(pictures, options).stream()
                    .map(beam -> beam.get(0).tokens())
                    .toList();
            List<int[]> after = graph.decode(images, options).stream()
                    .map(DecodedCaption::words)
                    .toList();
            if (!Arrays.deepEquals(before.toArray(), after.toArray())) {
                throw new IllegalStateException(
                        "bug: without consensus the new graph of %s does not give its captions of the golden pictures"
                                .formatted(bundle.directory()));
            }
        }
        return BundleExporter.golden(graph, preparation, bundle.manifest().defaults(), golden.seed());
    }
}
