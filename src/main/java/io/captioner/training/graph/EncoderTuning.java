package io.captioner.training.graph;

import io.captioner.training.decoder.Mode;
import io.captioner.training.encoder.Encoder;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of an encoder that is trained.
 *
 * @param initial all weights of the encoder by name, at the start of training
 * @param trained the names of those that are trained
 */
public record EncoderTuning(Encoder encoder, Map<String, float[]> initial, Set<String> trained) {

    /**
     * Returns the names of the weights that are trained: all but the statistics of BatchNorm.
     *
     * @param firstLayer the first layer that is trained, with all that come after it; null for all
     * @throws IllegalArgumentException if there is nothing to train, or no such layer; the message lists the layers
     */
    public static Set<String> from(Encoder encoder, @Nullable String firstLayer) {
        List<String> names = List.copyOf(encoder.weights().keySet());
        List<String> layers =
                names.stream().map(EncoderTuning::layer).distinct().toList();
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s has its weights inside its graph, where they cannot be trained".formatted(encoder.name()));
        }
        if (firstLayer != null && !layers.contains(firstLayer)) {
            throw new IllegalArgumentException(
                    "%s has no layer %s but %s".formatted(encoder.name(), firstLayer, layers));
        }
        Set<String> trained = new LinkedHashSet<>();
        boolean reached = firstLayer == null;
        for (String name : names) {
            reached |= layer(name).equals(firstLayer);
            if (reached && !Mode.isStatistic(name)) {
                trained.add(name);
            }
        }
        return trained;
    }

    private static String layer(String weight) {
        return weight.substring(0, weight.lastIndexOf('/'));
    }
}
