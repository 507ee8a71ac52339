package io.captioner.training.weights;

import io.captioner.files.FileKind;
import io.captioner.files.UnusableFileException;
import io.captioner.model.Bundle;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;

/**
 * Keras' HDF5 weight layout: attribute {@code layer_names} of the file, or of its group {@code model_weights} in a file
 * of a whole model, lists groups, attribute {@code weight_names} of a group lists its datasets
 * ({@code keras/src/legacy/saving/legacy_h5_format.py}). Long lists are in several attributes, {@code layer_names0},
 * {@code layer_names1} and so on.
 */
public final class KerasFile {
    private static final String MODEL_WEIGHTS = "model_weights";
    private static final String REMEDY = "load the model in Keras and save it with model.save('x.h5')";

    private KerasFile() {}

    /**
     * Reads all weights of a file: one of Keras' official ones, or one that its {@code save_weights} or
     * {@code Model.save} wrote as {@code .h5}. Weights of 16 bits become float32, and those of 64 bits if each is a
     * float32 too.
     *
     * @throws UnusableFileException if it is no such file, or not whole; says what it is and what to do
     * @throws IOException if the file cannot be read
     */
    public static NamedWeights read(Path file) throws IOException {
        FileKind kind = FileKind.of(file);
        switch (kind) {
            case HDF5 -> {}
            case FOLDER ->
                throw kind.refusal(file, "name a .h5 file of Keras, or for a SavedModel set encoder.name=saved-model");
            case ZIP -> throw kind.refusal(file, "if it is a .keras file of Keras 3, " + REMEDY);
            case OTHER -> throw kind.refusal(file, "it is no HDF5 weight file of Keras: " + REMEDY);
            default -> throw kind.refusal(file);
        }
        String sha256 = Bundle.sha256(file);
        try (HdfFile hdf = new HdfFile(file)) {
            return new NamedWeights(file.toString(), sha256, values(file, hdf));
        } catch (RuntimeException e) { // whatever bytes that are not whole make of the reader
            throw new UnusableFileException(
                    "%s is HDF5, but cut off, damaged or no weight file of Keras (%s); fetch it again, or %s"
                            .formatted(file, e.getMessage(), REMEDY),
                    e);
        }
    }

    private static Map<String, WeightValues> values(Path file, HdfFile hdf) throws IOException {
        Map<String, WeightValues> values = new LinkedHashMap<>();
        Group layers = hdf.getChild(MODEL_WEIGHTS) instanceof Group model ? model : hdf;
        for (String layer : names(file, layers, "layer_names")) {
            Group group = (Group) layers.getByPath(layer);
            for (String weight : names(file, group, "weight_names")) {
                String name = layer + "/" + variable(weight);
                if (values.put(name, values(file, group, weight)) != null) {
                    throw new UnusableFileException(
                            "%s holds weight %s twice; if '%s' is a network within the model, save that one: model.get_layer('%s').save('x.h5')"
                                    .formatted(file, name, layer, layer));
                }
            }
        }
        return values;
    }

    private static List<String> names(Path file, Node node, String attribute) throws IOException {
        Attribute whole = node.getAttribute(attribute);
        if (whole != null) {
            return strings(whole);
        }
        List<String> names = new ArrayList<>();
        int part = 0;
        for (Attribute next = part(node, attribute, part); next != null; next = part(node, attribute, part)) {
            names.addAll(strings(next));
            part++;
        }
        if (part == 0) {
            throw new UnusableFileException(
                    "%s has no attribute %s at %s: it is %s; %s (not x.weights.h5, which has no names)"
                            .formatted(file, attribute, node.getPath(), layout(node), REMEDY));
        }
        return names;
    }

    private static @Nullable Attribute part(Node node, String attribute, int part) {
        return node.getAttribute(attribute + part);
    }

    private static String layout(Node node) {
        boolean keras3 = node instanceof Group group
                && (group.getChild("layers") != null || group.getChild("_layer_checkpoint_dependencies") != null);
        return keras3 ? "a .weights.h5 file of Keras 3" : "HDF5 of another program, or of another layout";
    }

    private static List<String> strings(Attribute names) {
        return names.isEmpty() || names.getSize() == 0 ? List.of() : List.of((String[]) names.getData());
    }

    /** Keras writes {@code Conv1/kernel:0} or {@code kernel}, by version: the last part is the same in all. */
    private static String variable(String weight) {
        String last = weight.substring(weight.lastIndexOf('/') + 1);
        int output = last.lastIndexOf(':');
        return output < 0 ? last : last.substring(0, output);
    }

    private static WeightValues values(Path file, Group group, String weight) throws IOException {
        Dataset dataset = group.getDatasetByPath(weight);
        Object flat = dataset.getDataFlat();
        float[] floats;
        if (flat instanceof float[] singles) {
            floats = singles;
        } else if (flat instanceof double[] doubles) {
            floats = singles(file, dataset, doubles);
        } else {
            throw new UnusableFileException(
                    "%s: %s is %s of %d bytes, read are float16, float32 and float64; cast it, then %s"
                            .formatted(
                                    file,
                                    dataset.getPath(),
                                    dataset.getJavaType().getSimpleName(),
                                    dataset.getDataType().getSize(),
                                    REMEDY));
        }
        return new WeightValues(Shape.of(dataset.getDimensionsAsLong()), floats);
    }

    private static float[] singles(Path file, Dataset dataset, double[] doubles) throws IOException {
        float[] singles = new float[doubles.length];
        for (int i = 0; i < doubles.length; i++) {
            singles[i] = (float) doubles[i];
            if (Double.compare(singles[i], doubles[i]) != 0) {
                throw new UnusableFileException(
                        "%s: %s is float64, and %s is no float32; set keras.backend.set_floatx('float32'), then %s"
                                .formatted(file, dataset.getPath(), doubles[i], REMEDY));
            }
        }
        return singles;
    }
}
