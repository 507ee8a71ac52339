package io.captioner.model.djl;

import io.captioner.model.Bundle;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * A copy of a SavedModel whose nodes all name one device, in a temporary directory that goes with it. TensorFlow lets
 * the sessions of a process see the GPUs in one order only, so a copy for the second GPU must name it.
 */
final class PinnedGraph implements AutoCloseable {
    private final Path directory;

    private PinnedGraph(Path directory) {
        this.directory = directory;
    }

    /**
     * Writes the copy.
     *
     * @param graph a {@code saved_model.pb}, held in memory meanwhile
     * @param device as in {@code /device:GPU:1}; nodes that cannot run there go to the CPU if the session places softly
     */
    static PinnedGraph write(Path graph, String device) {
        try {
            SavedModel.Builder model;
            try (InputStream in = new BufferedInputStream(Files.newInputStream(graph))) {
                model = SavedModel.parseFrom(in).toBuilder();
            }
            model.getMetaGraphsBuilderList().forEach(metaGraph -> pin(metaGraph, device));
            PinnedGraph pinned = new PinnedGraph(Files.createTempDirectory("captioner-graph"));
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(pinned.file()))) {
                model.build().writeTo(out);
            } catch (IOException e) {
                pinned.close();
                throw e;
            }
            return pinned;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the graph cannot be copied for %s: give java.io.tmpdir as much room as %s takes"
                            .formatted(device, graph.getFileName()),
                    e);
        }
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file());
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file() {
        return directory.resolve(Bundle.GRAPH);
    }

    private static void pin(MetaGraphDef.Builder metaGraph, String device) {
        metaGraph.getGraphDefBuilder().getNodeBuilderList().forEach(node -> node.setDevice(device));
        for (FunctionDef.Builder function :
                metaGraph.getGraphDefBuilder().getLibraryBuilder().getFunctionBuilderList()) {
            for (NodeDef.Builder node : function.getNodeDefBuilderList()) {
                node.setDevice(device);
            }
        }
    }
}
