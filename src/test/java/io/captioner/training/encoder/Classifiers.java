package io.captioner.training.encoder;

import java.util.List;
import org.tensorflow.ndarray.Shape;

/** The published networks whole. */
final class Classifiers {
    private Classifiers() {}

    /** Returns how many numbers a network holds with each of the classifiers it may have. */
    static List<Long> parameterCount(Encoder encoder) {
        return encoder.classifiers().stream()
                .map(classifier -> encoder.parameterCount()
                        + classifier.values().stream().mapToLong(Shape::size).sum())
                .toList();
    }
}
