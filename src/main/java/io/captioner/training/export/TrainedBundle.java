package io.captioner.training.export;

import io.captioner.files.Sha256;
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
import io.captioner.training.encoder.Encoders;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.WeightFormat;
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
import org.tensorflow.ndarray.Shape;

/**
 * A bundle taken apart: its networks and the weights out of its graph.
 *
 * @param directory where it is
 * @param kind of its decoder
 * @param weightFormat what its graph has the weights in
 * @param wordPrior whether its searches with consensus favour words of training photos
 * @param encoderWeights exactly those of the encoder
 * @param decoderWeights those of the decoder by name
 */
public record TrainedBundle(
        Path directory,
        Manifest manifest,
        Vocabulary vocabulary,
        Encoder encoder,
        DecoderKind kind,
        Decoder decoder,
        WeightFormat weightFormat,
        boolean wordPrior,
        NamedWeights encoderWeights,
        Map<String, float[]> decoderWeights) {
    private static final String DECODER = "decoder";
    private static final String GAMMA = "/gamma";

    /**
     * Reads a bundle.
     *
     * @throws UnusableJobException if this program has not its networks, or cannot find their weights in its graph;
     *     says what to do
     * @throws IOException if a file is absent or cannot be read
     */
    public static TrainedBundle read(Path directory) throws IOException {
        Manifest manifest = ManifestFile.read(directory);
        Vocabulary vocabulary = Vocabulary.read(directory.resolve(Bundle.VOCABULARY));
        Encoder encoder = encoder(manifest);
        DecoderKind kind = kind(manifest);
        DecoderSize size = size(manifest, encoder, vocabulary);
        Decoder decoder = kind.of(size);
        Path graph = directory.resolve(Bundle.GRAPH);
        FrozenWeights frozen = FrozenWeights.read(graph);
        Map<String, Map<String, float[]>> weights = weights(frozen, encoder, decoder);
        Map<String, WeightValues> ofEncoder = new LinkedHashMap<>();
        Map<String, float[]> found = weights.getOrDefault(CaptioningGraph.ENCODER, Map.of());
        encoder.weights()
                .forEach((name, shape) ->
                        ofEncoder.put(name, new WeightValues(shape, Objects.requireNonNull(found.get(name), name))));
        return new TrainedBundle(
                directory,
                manifest,
                vocabulary,
                encoder,
                kind,
                decoder,
                frozen.format(),
                frozen.hasNetwork(CaptioningGraph.WORD_PRIOR),
                new NamedWeights(directory.toString(), Sha256.of(graph), ofEncoder),
                weights.getOrDefault(CaptioningGraph.DECODER, Map.of()));
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

    private static Encoder encoder(Manifest manifest) {
        return Encoders.named(manifest.encoder(), manifest.input().preparation())
                .orElseThrow(() -> new UnusableJobException(
                        "the bundle's encoder is %s, which is none of this program's: run its training again with a new captioner.training.version; a run that is complete is only exported"
                                .formatted(manifest.encoder())));
    }

    private static DecoderKind kind(Manifest manifest) {
        return Arrays.stream(DecoderKind.values())
                .filter(one -> one.label().equals(manifest.decoder()))
                .findFirst()
                .orElseThrow(() -> new UnusableJobException(
                        "the bundle's decoder is %s, which is none of this program's".formatted(manifest.decoder())));
    }

    private static DecoderSize size(Manifest manifest, Encoder encoder, Vocabulary vocabulary) {
        String sizes = manifest.provenance().getOrDefault(DECODER, "");
        return new DecoderSize(
                vocabulary.size(),
                encoder.rows() * encoder.columns(),
                encoder.channels(),
                (int) size(sizes, "features"),
                (int) size(sizes, "attention"),
                (int) size(sizes, "embedding"),
                (int) size(sizes, "hidden"),
                (int) size(sizes, "output"),
                size(sizes, "temperature"),
                vocabulary.unused());
    }

    /** Returns a size out of the text of the training settings, {@code Decoder[kind=…, features=512, …]}. */
    private static float size(String sizes, String name) {
        Matcher matcher = Pattern.compile("\\b" + name + "=([0-9.E-]+)").matcher(sizes);
        if (!matcher.find()) {
            throw new UnusableJobException(
                    "provenance.decoder in the bundle's captioner.json is '%s' and says no %s: only a bundle that was trained by this program can be taken apart"
                            .formatted(sizes, name));
        }
        return Float.parseFloat(matcher.group(1));
    }
}
