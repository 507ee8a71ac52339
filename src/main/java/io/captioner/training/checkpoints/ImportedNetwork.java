package io.captioner.training.checkpoints;

import io.captioner.files.UnusableFileException;
import io.captioner.training.decoder.Decoder;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.WeightFormat;
import io.captioner.training.weights.WeightSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;

/**
 * A checkpoint as one of the program's networks: every weight by a rule of its name map. Values are read from the file
 * whenever a graph asks for them, so that they are never all in memory.
 */
final class ImportedNetwork {
    private final Checkpoint checkpoint;
    private final NameMap map;
    private final Map<String, Rule> encoderRules;
    private final Encoder encoder;
    private final Decoder decoder;
    private final WordOrder words;

    private ImportedNetwork(
            Checkpoint checkpoint,
            NameMap map,
            Map<String, Rule> encoderRules,
            Encoder encoder,
            Decoder decoder,
            WordOrder words) {
        this.checkpoint = checkpoint;
        this.map = map;
        this.encoderRules = encoderRules;
        this.encoder = encoder;
        this.decoder = decoder;
        this.words = words;
    }

    /**
     * Finds every weight.
     *
     * @throws UnusableFileException if a tensor is missing, left over or of another shape; the message lists all of
     *     them
     */
    static ImportedNetwork of(Checkpoint checkpoint, NameMap map, WordList words) throws IOException {
        Encoder encoder = map.encoder();
        DecoderSizes sizes = new DecoderSizes(checkpoint, map);
        int rows = sizes.has("embedding")
                ? sizes.of("embedding", 0)
                : words.words().size();
        WordOrder order;
        try {
            order = WordOrder.of(words, rows);
        } catch (IllegalArgumentException e) {
            throw new UnusableFileException("%s: %s".formatted(checkpoint.origin(), e.getMessage()), e);
        }
        Decoder decoder = map.decoder()
                .of(new DecoderSize(
                        order.vocabulary().size(),
                        encoder.rows() * encoder.columns(),
                        encoder.channels(),
                        sizes.ofEither("features/bias", "bottleneck/bias"),
                        sizes.ofEither("attention/annotation/bias", "attention/annotation/bias"),
                        sizes.of("embedding", 1),
                        sizes.hidden(),
                        sizes.ofEither("output/hidden/bias", "output/bottleneck/bias"),
                        map.temperature(),
                        order.vocabulary().unused()));
        ImportedNetwork network =
                new ImportedNetwork(checkpoint, map, encoderRules(map, encoder), encoder, decoder, order);
        network.requireComplete();
        return network;
    }

    Encoder encoder() {
        return encoder;
    }

    Decoder decoder() {
        return decoder;
    }

    WordOrder words() {
        return words;
    }

    int tensors() {
        return checkpoint.tensors().size();
    }

    /** Returns a source of the encoder's weights as constants. */
    Function<Ops, WeightSource> encoderWeights(WeightFormat format) {
        return tf -> constants(tf, encoderRules, format);
    }

    /** Returns a source of the decoder's weights as constants. */
    Function<Ops, WeightSource> decoderWeights(WeightFormat format) {
        return tf -> constants(tf, map.rules(), format);
    }

    /**
     * Builds the graph of a bundle.
     *
     * @param format of the weights in it
     */
    CaptioningGraph graph(WeightFormat format) {
        return new CaptioningGraph(
                encoder,
                encoderWeights(format),
                decoder,
                decoderWeights(format),
                map.search().maxWords(),
                null);
    }

    private WeightSource constants(Ops tf, Map<String, Rule> rules, WeightFormat format) {
        return (name, dimensions) -> {
            Shape shape = Shape.of(dimensions);
            Rule rule = rules.get(name);
            if (rule == null) {
                throw new IllegalArgumentException("bug: no rule for " + name);
            }
            try {
                WeightValues value = rule.evaluate(checkpoint, shape, words);
                return format.constants(tf, Map.of(name, value.values())).get(name, dimensions);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static Map<String, Rule> encoderRules(NameMap map, Encoder encoder) {
        EncoderNames names = map.encoderNames();
        String prefix = map.text("encoder.prefix", "");
        Map<String, Rule> rules = new LinkedHashMap<>();
        encoder.weights().forEach((name, shape) -> {
            Rule own = map.rules().get(CaptioningGraph.ENCODER + "/" + name);
            rules.put(
                    name,
                    own != null
                            ? own
                            : Rule.of(prefix + names.of(name), names.isPyTorch() && shape.numDimensions() == 4));
        });
        return rules;
    }

    /** The errors of all weights, so that a name map is corrected at once. */
    private void requireComplete() throws IOException {
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        Set<String> used = new TreeSet<>();
        check(encoder.weights(), encoderRules, used, missing, misshapen);
        Map<String, Shape> shapes = new LinkedHashMap<>();
        decoder.weightShapes().forEach((name, shape) -> shapes.put(name, Shape.of(shape)));
        check(shapes, map.rules(), used, missing, misshapen);
        List<String> unknown = map.rules().keySet().stream()
                .filter(name -> !shapes.containsKey(name)
                        && !(name.startsWith(CaptioningGraph.ENCODER + "/")
                                && encoderRules.containsKey(name.substring(CaptioningGraph.ENCODER.length() + 1))))
                .toList();
        List<String> left = checkpoint.tensors().keySet().stream()
                .filter(name ->
                        !used.contains(name) && !map.ignored().matcher(name).matches())
                .toList();
        if (!missing.isEmpty() || !misshapen.isEmpty() || !left.isEmpty() || !unknown.isEmpty()) {
            throw new UnusableFileException(
                    "%s is not the network that the name map %s describes. Missing: %s. Of another shape: %s. Left over: %s. Rules for no weight of the network: %s"
                            .formatted(checkpoint.origin(), map.origin(), missing, misshapen, left, unknown));
        }
    }

    private void check(
            Map<String, Shape> wanted,
            Map<String, Rule> rules,
            Set<String> used,
            List<String> missing,
            List<String> misshapen)
            throws IOException {
        for (Map.Entry<String, Shape> weight : wanted.entrySet()) {
            Rule rule = rules.get(weight.getKey());
            if (rule == null) {
                missing.add("a rule for " + weight.getKey());
                continue;
            }
            Set<String> needs = rule.needs(checkpoint.tensors());
            used.addAll(needs);
            List<String> absent = needs.stream()
                    .filter(name -> !checkpoint.tensors().containsKey(name))
                    .toList();
            if (!absent.isEmpty()) {
                missing.add("%s for %s".formatted(String.join(", ", absent), weight.getKey()));
                continue;
            }
            try {
                Shape found =
                        rule.evaluate(checkpoint, weight.getValue(), words).shape();
                if (!found.equals(weight.getValue())) {
                    misshapen.add("%s is %s, not %s".formatted(weight.getKey(), found, weight.getValue()));
                }
            } catch (IllegalArgumentException e) {
                misshapen.add("%s: %s".formatted(weight.getKey(), e.getMessage()));
            }
        }
    }

    /** The sizes of a decoder, from the shapes of its tensors. */
    private record DecoderSizes(Checkpoint checkpoint, NameMap map) {
        private static final int NONE = 1;
        private static final int GATES = 4;

        /** Returns whether the tensors of a weight are there; if not, {@link #requireComplete} names them. */
        boolean has(String weight) {
            Rule rule = map.rules().get(weight);
            return rule != null && checkpoint.tensors().keySet().containsAll(rule.needs(checkpoint.tensors()));
        }

        int of(String weight, int axis) throws IOException {
            if (!has(weight)) {
                return NONE;
            }
            Shape shape = shape(weight);
            if (shape == null || axis >= shape.numDimensions()) {
                throw new UnusableFileException("%s holds no %s where the name map %s has it%s"
                        .formatted(
                                checkpoint.origin(),
                                weight,
                                map.origin(),
                                shape == null ? "" : ", but a tensor of shape " + shape));
            }
            return Math.toIntExact(shape.get(axis));
        }

        int hidden() throws IOException {
            if (map.rules().containsKey("gru/recurrent/kernel")) {
                return of("gru/recurrent/kernel", 0);
            }
            int gates = has("lstm/bias") ? of("lstm/bias", 0) : of("lstm/input/kernel", 1);
            return Math.max(NONE, gates / GATES);
        }

        int ofEither(String weight, String other) throws IOException {
            String name = map.rules().containsKey(weight) ? weight : other;
            return map.rules().containsKey(name) ? of(name, 0) : NONE;
        }

        private @Nullable Shape shape(String weight) throws IOException {
            Rule rule = map.rules().get(weight);
            if (rule == null) {
                return null;
            }
            try {
                return rule.evaluate(checkpoint, null, null).shape();
            } catch (IllegalArgumentException e) {
                throw new UnusableFileException("%s, %s: %s".formatted(checkpoint.origin(), weight, e.getMessage()), e);
            }
        }
    }
}
