package io.captioner.training.weights;

import io.captioner.model.Bundle;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * Keras' HDF5 weight layout: attribute {@code layer_names} of the file, or of its group {@code model_weights} in a file
 * of a whole model, lists groups, attribute {@code weight_names} of a group lists its datasets
 * ({@code keras/src/legacy/saving/legacy_h5_format.py}).
 */
public final class KerasFile {
    private static final String MODEL_WEIGHTS = "model_weights";

    private KerasFile() {}

    /**
     * Reads all weights of a file: one of Keras' official ones, or one that its {@code save_weights} or
     * {@code Model.save} wrote as {@code .h5}.
     *
     * @throws IOException if the file cannot be read, or is no such file
     */
    public static NamedWeights read(Path file) throws IOException {
        String sha256 = Bundle.sha256(file);
        try (HdfFile hdf = new HdfFile(file)) {
            Map<String, WeightValues> values = new LinkedHashMap<>();
            Group layers = hdf.getChild(MODEL_WEIGHTS) instanceof Group model ? model : hdf;
            for (String layer : names(file, layers, "layer_names")) {
                Group group = (Group) layers.getByPath(layer);
                for (String weight : names(file, group, "weight_names")) {
                    String name = layer + "/" + variable(weight);
                    if (values.put(name, values(file, group, weight)) != null) {
                        throw new IOException("%s holds weight %s twice".formatted(file, name));
                    }
                }
            }
            return new NamedWeights(file.toString(), sha256, values);
        } catch (HdfException | ClassCastException e) {
            throw new IOException("%s is no HDF5 weight file of Keras: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String[] names(Path file, Node node, String attribute) throws IOException {
        Attribute names = node.getAttribute(attribute);
        if (names == null) {
            throw new IOException(
                    "%s has no attribute %s at %s: save the model with Keras' Model.save in a .h5 file (not .weights.h5, which has no names)"
                            .formatted(file, attribute, node.getPath()));
        }
        return names.isEmpty() || names.getSize() == 0 ? new String[0] : (String[]) names.getData();
    }

    /** Keras writes {@code Conv1/kernel:0} or {@code kernel}, by version: the last part is the same in all. */
    private static String variable(String weight) {
        String last = weight.substring(weight.lastIndexOf('/') + 1);
        int output = last.lastIndexOf(':');
        return output < 0 ? last : last.substring(0, output);
    }

    private static WeightValues values(Path file, Group group, String weight) throws IOException {
        Dataset dataset = group.getDatasetByPath(weight);
        if (!(dataset.getDataFlat() instanceof float[] floats)) {
            throw new IOException(
                    "%s: %s is %s, only float32 is read".formatted(file, dataset.getPath(), dataset.getJavaType()));
        }
        return new WeightValues(Shape.of(dataset.getDimensionsAsLong()), floats);
    }
}
