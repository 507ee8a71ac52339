package io.captioner.training.encoder;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * What one input and one output of a SavedModel's signature have between them, without variables.
 *
 * @param graph the nodes that the output needs, and the functions
 */
record FrozenGraph(GraphDef graph, TensorInfo input, TensorInfo output) {
    static final String FILE = "saved_model.pb";

    private static final String TAG_SERVE = "serve";
    private static final Set<String> VARIABLES =
            Set.of("VarHandleOp", "VariableV2", "Variable", "AutoReloadVariable", "TemporaryVariable");

    /**
     * Reads a SavedModel.
     *
     * @param input name of the signature's input; its only one if null
     * @param output likewise of its output
     * @throws IOException if there is none, no such signature, or it has variables; says what to do
     */
    static FrozenGraph read(Path directory, String signature, @Nullable String input, @Nullable String output)
            throws IOException {
        MetaGraphDef model = metaGraph(directory);
        SignatureDef chosen = model.getSignatureDefMap().get(signature);
        if (chosen == null) {
            throw new IOException(
                    "%s has no signature %s but %s: name one in captioner.training.encoder.saved-model.signature"
                            .formatted(
                                    directory,
                                    signature,
                                    new TreeSet<>(model.getSignatureDefMap().keySet())));
        }
        TensorInfo in = part(directory, "input", input, chosen.getInputsMap());
        TensorInfo out = part(directory, "output", output, chosen.getOutputsMap());
        GraphDef needed = needed(model.getGraphDef(), node(out));
        requireFrozen(directory, needed);
        return new FrozenGraph(needed, in, out);
    }

    /** Returns the name of a tensor's node. */
    static String node(TensorInfo tensor) {
        return nodeOf(tensor.getName());
    }

    /** Returns which of its node's outputs a tensor is. */
    static int index(TensorInfo tensor) {
        int colon = tensor.getName().lastIndexOf(':');
        return colon < 0 ? 0 : Integer.parseInt(tensor.getName().substring(colon + 1));
    }

    private static MetaGraphDef metaGraph(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return SavedModel.parseFrom(in).getMetaGraphsList().stream()
                    .filter(graph -> graph.getMetaInfoDef().getTagsList().contains(TAG_SERVE))
                    .findFirst()
                    .orElseThrow(() -> new IOException("%s has no graph tagged %s".formatted(file, TAG_SERVE)));
        }
    }

    private static TensorInfo part(Path directory, String kind, @Nullable String name, Map<String, TensorInfo> parts)
            throws IOException {
        TensorInfo part = name == null && parts.size() == 1
                ? parts.values().iterator().next()
                : parts.get(name == null ? "" : name);
        if (part == null) {
            throw new IOException("%s has the %ss %s: name one of them in captioner.training.encoder.saved-model.%s"
                    .formatted(directory, kind, new TreeSet<>(parts.keySet()), kind));
        }
        return part;
    }

    private static GraphDef needed(GraphDef graph, String output) {
        Map<String, NodeDef> nodes = new HashMap<>();
        graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
        Set<String> needed = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of(output));
        while (!open.isEmpty()) {
            NodeDef node = nodes.get(open.remove());
            if (node != null && needed.add(node.getName())) {
                node.getInputList().forEach(input -> open.add(nodeOf(input)));
            }
        }
        GraphDef.Builder pruned = graph.toBuilder().clearNode();
        graph.getNodeList().stream()
                .filter(node -> needed.contains(node.getName()))
                .forEach(pruned::addNode);
        return pruned.build();
    }

    private static void requireFrozen(Path directory, GraphDef graph) throws IOException {
        long variables = Stream.concat(
                        graph.getNodeList().stream(),
                        graph.getLibrary().getFunctionList().stream()
                                .flatMap(function -> function.getNodeDefList().stream()))
                .filter(node -> VARIABLES.contains(node.getOp()))
                .count();
        if (variables > 0) {
            throw new IOException(("%s has %d variables: freeze them into constants first, with"
                            + " convert_variables_to_constants_v2 of TensorFlow's Python (see docs/models.md)")
                    .formatted(directory, variables));
        }
    }

    /** {@code node}, {@code node:1} and {@code ^node} are tensors, or the end, of a node. */
    private static String nodeOf(String tensor) {
        int colon = tensor.indexOf(':');
        return tensor.substring(tensor.startsWith("^") ? 1 : 0, colon < 0 ? tensor.length() : colon);
    }
}
