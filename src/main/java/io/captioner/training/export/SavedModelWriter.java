package io.captioner.training.export;

import com.google.protobuf.CodedOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/**
 * Writes {@code saved_model.pb} of a graph whose weights are constants. It needs no variables, no assets and no
 * initialisation, so the file is the whole SavedModel.
 */
public final class SavedModelWriter {
    private static final int SCHEMA_VERSION = 1; // kSavedModelSchemaVersion of saved_model/constants.h
    private static final String TAG_SERVE = "serve";

    private SavedModelWriter() {}

    /**
     * Writes the file.
     *
     * @param file {@code saved_model.pb} in a directory that exists
     * @param graph a graph without variables
     * @param signatures by key; the names of their tensors are of the form {@code operation:0}
     */
    public static void write(Path file, GraphDef graph, Map<String, SignatureDef> signatures) throws IOException {
        MetaGraphDef metaGraph = MetaGraphDef.newBuilder()
                .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags(TAG_SERVE))
                .setGraphDef(graph)
                .putAllSignatureDef(signatures)
                .build();
        SavedModel model = SavedModel.newBuilder()
                .setSavedModelSchemaVersion(SCHEMA_VERSION)
                .addMetaGraphs(metaGraph)
                .build();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            CodedOutputStream coded = CodedOutputStream.newInstance(out);
            coded.useDeterministicSerialization(); // equal models are equal files, and have equal hashes
            model.writeTo(coded);
            coded.flush();
        }
    }
}
