package io.captioner.training.export;

import io.captioner.model.Manifest;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.weights.WeightFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * The job that writes a bundle again with this program's graph, its weights read out of the bundle itself. The new
 * bundle must give the golden answers of the old one.
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
        Map<String, float[]> ofEncoder = bundle.encoderWeights().arrays();
        try (CaptioningGraph graph = new CaptioningGraph(
                bundle.encoder(),
                tf -> format.constants(tf, ofEncoder),
                bundle.decoder(),
                tf -> format.constants(tf, bundle.decoderWeights()),
                manifest.defaults().maxWords())) {
            Path written = exporter.exportAgain(graph, bundle.directory(), manifest);
            log.info("wrote {}: this program's graph with the weights of {}", written, bundle.directory());
        }
    }
}
