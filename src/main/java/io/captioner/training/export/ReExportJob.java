package io.captioner.training.export;

import io.captioner.jobs.UnusableJobException;
import io.captioner.model.Bundle;
import io.captioner.model.Manifest;
import io.captioner.model.ManifestFile;
import io.captioner.text.Vocabulary;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.decoder.Mode;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.encoder.EncoderSettings;
import io.captioner.training.encoder.Encoders;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.weights.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.tensorflow.ndarray.Shape;

/**
 * The job that writes a bundle again with this program's graph, its weights read out of the bundle itself. The new
 * bundle must give the golden answers of the old one.
 */
final class ReExportJob implements ApplicationRunner {
    private static final Logger log = LoggerFactory.getLogger(ReExportJob.class);
    private static final String DECODER = "decoder";
    private static final String GAMMA = "/gamma";

    private final ReExportProperties properties;

    ReExportJob(ReExportProperties properties) {
        this.properties = properties;
    }

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        Path bundle = properties.bundle();
        Manifest manifest = ManifestFile.read(bundle);
        BundleExporter exporter = new BundleExporter(properties.models(), manifest.name(), properties.version());
        exporter.requireFree();
        Encoder encoder = encoder(manifest);
        Decoder decoder = decoder(
                manifest,
                encoder,
                Vocabulary.read(bundle.resolve(Bundle.VOCABULARY)).size());
        Map<String, Map<String, float[]>> weights =
                weights(FrozenWeights.read(bundle.resolve(Bundle.GRAPH)), encoder, decoder);
        try (CaptioningGraph graph = new CaptioningGraph(
                encoder,
                tf -> Tensors.constants(tf, weights.getOrDefault(CaptioningGraph.ENCODER, Map.of())),
                decoder,
                tf -> Tensors.constants(tf, weights.getOrDefault(CaptioningGraph.DECODER, Map.of())),
                manifest.defaults().maxWords())) {
            Path written = exporter.exportAgain(graph, bundle, manifest);
            log.info("wrote {}: this program's graph with the weights of {}", written, bundle);
        }
    }

    /** Returns the weights by network and name. */
    private static Map<String, Map<String, float[]>> weights(FrozenWeights frozen, Encoder encoder, Decoder decoder) {
        Map<String, Map<String, float[]>> found = frozen.find(wanted(encoder, decoder, false));
        boolean variancesArePositive = found.getOrDefault(CaptioningGraph.ENCODER, Map.of()).entrySet().stream()
                .filter(weight -> weight.getKey().endsWith(Mode.MOVING_VARIANCE))
                .allMatch(weight -> isPositive(weight.getValue()));
        return variancesArePositive ? found : frozen.find(wanted(encoder, decoder, true));
    }

    private static boolean isPositive(float[] values) {
        for (float value : values) {
            if (!(value > 0)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the weights in their order in graphs without names.
     *
     * @param gammaFirst whether a normalisation's gamma was made before its beta, as programs of old had it, and not
     *     behind its statistics
     */
    private static List<FrozenWeights.Wanted> wanted(Encoder encoder, Decoder decoder, boolean gammaFirst) {
        List<FrozenWeights.Wanted> wanted = new ArrayList<>();
        Map<String, Shape> layers = new LinkedHashMap<>(encoder.weights());
        if (gammaFirst) {
            layers.keySet().removeIf(name -> name.endsWith(GAMMA));
        }
        Set<String> all = encoder.weights().keySet();
        layers.forEach((name, shape) -> {
            String gamma = name.replaceFirst("/beta$", GAMMA);
            if (gammaFirst && !gamma.equals(name) && all.contains(gamma)) {
                wanted.add(new FrozenWeights.Wanted(CaptioningGraph.ENCODER, gamma, shape));
            }
            wanted.add(new FrozenWeights.Wanted(CaptioningGraph.ENCODER, name, shape));
        });
        Map<String, long[]> shapes = decoder.weightShapes();
        for (String name : decoder.unnamedOrder()) {
            wanted.add(new FrozenWeights.Wanted(
                    CaptioningGraph.DECODER, name, Shape.of(Objects.requireNonNull(shapes.get(name), name))));
        }
        return wanted;
    }

    private static Encoder encoder(Manifest manifest) throws IOException {
        for (EncoderSettings.Name name : EncoderSettings.Name.values()) {
            for (boolean pooled : new boolean[] {false, true}) {
                Encoder encoder = name == EncoderSettings.Name.SAVED_MODEL
                        ? null
                        : Encoders.published(name, manifest.input().width(), pooled);
                if (encoder != null && encoder.name().equals(manifest.encoder())) {
                    return encoder;
                }
            }
        }
        throw new UnusableJobException(
                "the bundle's encoder is %s, which is none of this program's: run its training again with a new captioner.training.version; a run that is complete is only exported"
                        .formatted(manifest.encoder()));
    }

    private static Decoder decoder(Manifest manifest, Encoder encoder, int vocabulary) {
        DecoderKind kind = Arrays.stream(DecoderKind.values())
                .filter(one -> one.label().equals(manifest.decoder()))
                .findFirst()
                .orElseThrow(() -> new UnusableJobException(
                        "the bundle's decoder is %s, which is none of this program's".formatted(manifest.decoder())));
        String sizes = manifest.provenance().getOrDefault(DECODER, "");
        return kind.of(new DecoderSize(
                vocabulary,
                encoder.rows() * encoder.columns(),
                encoder.channels(),
                (int) size(sizes, "features"),
                (int) size(sizes, "attention"),
                (int) size(sizes, "embedding"),
                (int) size(sizes, "hidden"),
                (int) size(sizes, "output"),
                size(sizes, "temperature")));
    }

    /** Returns a size out of the text of the training settings, {@code Decoder[kind=…, features=512, …]}. */
    private static float size(String sizes, String name) {
        Matcher matcher = Pattern.compile("\\b" + name + "=([0-9.E-]+)").matcher(sizes);
        if (!matcher.find()) {
            throw new UnusableJobException(
                    "provenance.decoder in the bundle's captioner.json is '%s' and says no %s: only a bundle that was trained by this program can be exported again"
                            .formatted(sizes, name));
        }
        return Float.parseFloat(matcher.group(1));
    }
}
