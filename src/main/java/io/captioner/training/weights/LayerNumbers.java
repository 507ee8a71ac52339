package io.captioner.training.weights;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The numbers that Keras gives to layers without names: {@code conv2d}, {@code conv2d_1}, … in the order they are made,
 * from the next free number of the session. Its official files begin at {@code conv2d_1}.
 */
final class LayerNumbers {
    private LayerNumbers() {}

    /** A name taken apart; the layer without a number has number 0. */
    private record Numbered(String layer, int number, String variable) {
        static Optional<Numbered> of(String name, Set<String> layers) {
            int slash = name.lastIndexOf('/');
            String layer = name.substring(0, Math.max(0, slash));
            if (layers.contains(layer)) {
                return Optional.of(new Numbered(layer, 0, name.substring(slash)));
            }
            int mark = layer.lastIndexOf('_');
            String number = layer.substring(mark + 1);
            return mark > 0 && layers.contains(layer.substring(0, mark)) && number.matches("[1-9][0-9]{0,5}")
                    ? Optional.of(
                            new Numbered(layer.substring(0, mark), Integer.parseInt(number), name.substring(slash)))
                    : Optional.empty();
        }

        String lowered(int first) {
            return layer + (number == first ? "" : "_" + (number - first)) + variable;
        }
    }

    /**
     * Returns the same values under names whose numbers begin at 0, for each layer name by itself.
     *
     * @param layers names of layers without their numbers
     */
    static <T> Map<String, T> fromZero(Map<String, T> values, Set<String> layers) {
        Map<String, Integer> first = new HashMap<>();
        values.keySet()
                .forEach(name -> Numbered.of(name, layers)
                        .ifPresent(numbered -> first.merge(numbered.layer(), numbered.number(), Math::min)));
        Map<String, T> renamed = new LinkedHashMap<>();
        values.forEach((name, value) -> renamed.put(
                Numbered.of(name, layers)
                        .map(numbered -> numbered.lowered(first.getOrDefault(numbered.layer(), 0)))
                        .orElse(name),
                value));
        return renamed;
    }
}
