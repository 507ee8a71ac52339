package io.captioner.training.export;

import io.captioner.jobs.UnusableJobException;
import io.captioner.training.graph.CaptioningGraph;
import io.captioner.training.weights.NamedWeights.WeightValues;
import io.captioner.training.weights.Tensors;
import io.captioner.training.weights.WeightFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** The weights that are frozen in a bundle's graph, in the order in which it was built. */
final class FrozenWeights {
    private static final Set<DataType> TYPES = Set.of(DataType.DT_FLOAT, DataType.DT_HALF);

    private final Path file;
    private final WeightFormat format;
    private final List<Constant> constants;

    private record Constant(String node, WeightValues values) {}

    /**
     * A weight as a network asks for it.
     *
     * @param network {@link CaptioningGraph#ENCODER} or {@link CaptioningGraph#DECODER}
     * @param name {@code layer/variable}
     */
    record Wanted(String network, String name, Shape shape) {
        boolean isNode(String node) {
            String constant = network + "/" + Tensors.constantName(name);
            return node.equals(constant) || node.endsWith("/" + constant);
        }
    }

    private FrozenWeights(Path file, WeightFormat format, List<Constant> constants) {
        this.file = file;
        this.format = format;
        this.constants = constants;
    }

    /** Reads the float32 and float16 constants of {@code saved_model.pb} that are no scalars. */
    static FrozenWeights read(Path file) throws IOException {
        WeightFormat format = WeightFormat.FLOAT32;
        List<Constant> constants = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (NodeDef node :
                    SavedModel.parseFrom(in).getMetaGraphs(0).getGraphDef().getNodeList()) {
                if (node.getOp().equals("Const")
                        && TYPES.contains(node.getAttrOrThrow("dtype").getType())
                        && node.getAttrOrThrow("value")
                                        .getTensor()
                                        .getTensorShape()
                                        .getDimCount()
                                > 0) {
                    TensorProto tensor = node.getAttrOrThrow("value").getTensor();
                    constants.add(new Constant(node.getName(), values(tensor)));
                    format = tensor.getDtype() == DataType.DT_HALF ? WeightFormat.FLOAT16 : format;
                }
            }
        }
        return new FrozenWeights(file, format, List.copyOf(constants));
    }

    /** Returns whether constants of a network are there. */
    boolean hasNetwork(String network) {
        return constants.stream().anyMatch(constant -> constant.node().startsWith(network + "/"));
    }

    /** Returns what the weights are stored in. */
    WeightFormat format() {
        return format;
    }

    /**
     * Returns weights by the names of their constants or, in a bundle of a program that did not name them, by their
     * order.
     *
     * @param wanted in the order in which unnamed ones were made, one made twice twice
     * @return the weights of each network
     * @throws UnusableJobException if one is missing
     */
    Map<String, Map<String, float[]>> find(List<Wanted> wanted) {
        Map<String, Map<String, float[]>> found = new HashMap<>();
        boolean named = constants.stream()
                .anyMatch(constant -> wanted.stream().anyMatch(weight -> weight.isNode(constant.node())));
        int next = 0;
        for (Wanted weight : wanted) {
            WeightValues values = null;
            if (named) {
                values = constants.stream()
                        .filter(constant -> weight.isNode(constant.node()))
                        .map(Constant::values)
                        .findFirst()
                        .orElse(null);
            } else {
                while (next < constants.size() && values == null) {
                    values = ofShape(constants.get(next++).values(), weight.shape());
                }
            }
            if (values == null || !values.shape().equals(weight.shape())) {
                throw new UnusableJobException(
                        "%s holds no weight %s of shape %s: its graph was not written by this program, or for other sizes; export it anew from its training run"
                                .formatted(file, weight.name(), weight.shape()));
            }
            found.computeIfAbsent(weight.network(), network -> new HashMap<>()).put(weight.name(), values.values());
        }
        return found;
    }

    private static @Nullable WeightValues ofShape(WeightValues values, Shape shape) {
        return values.shape().equals(shape) ? values : null;
    }

    private static WeightValues values(TensorProto tensor) {
        Shape shape = Shape.of(tensor.getTensorShape().getDimList().stream()
                .mapToLong(TensorShapeProto.Dim::getSize)
                .toArray());
        float[] values = new float[Math.toIntExact(shape.size())];
        boolean half = tensor.getDtype() == DataType.DT_HALF;
        if (tensor.getTensorContent().isEmpty()) {
            // TensorFlow leaves out values at the end that are equal.
            int given = half ? tensor.getHalfValCount() : tensor.getFloatValCount();
            for (int i = 0; i < given; i++) {
                values[i] = half ? Tensors.half((short) tensor.getHalfVal(i)) : tensor.getFloatVal(i);
            }
            if (given > 0) {
                Arrays.fill(values, given, values.length, values[given - 1]);
            }
        } else {
            ByteBuffer content =
                    tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < values.length; i++) {
                values[i] = half ? Tensors.half(content.getShort()) : content.getFloat();
            }
        }
        return new WeightValues(shape, values);
    }
}
