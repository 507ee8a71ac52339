package io.captioner.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The signatures that a {@code saved_model.pb} lists, read without loading its graph. Field numbers are those of
 * TensorFlow's {@code saved_model.proto} and {@code meta_graph.proto}.
 */
final class SavedModelSignatures {
    private static final int SAVED_MODEL_META_GRAPHS = 2;
    private static final int META_GRAPH_SIGNATURE_DEF = 5;
    private static final int SIGNATURE_INPUTS = 1;
    private static final int SIGNATURE_OUTPUTS = 2;
    private static final int MAP_KEY = 1;
    private static final int MAP_VALUE = 2;

    private SavedModelSignatures() {}

    /** The names of a signature's inputs and outputs. */
    record Names(Set<String> inputs, Set<String> outputs) {}

    /** @throws BrokenBundleException if the file is cut short, or no SavedModel */
    static Map<String, Names> read(Path file) {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            in.setSizeLimit(Integer.MAX_VALUE);
            Map<String, Names> signatures = new TreeMap<>();
            eachMessage(in, (metaGraphs, content) -> {
                if (metaGraphs == SAVED_MODEL_META_GRAPHS) {
                    readMetaGraph(content, signatures);
                }
            });
            return signatures;
        } catch (IOException e) {
            throw new BrokenBundleException(file, "is no SavedModel, or not all of one: " + e.getMessage(), e);
        }
    }

    private static void readMetaGraph(CodedInputStream in, Map<String, Names> signatures) throws IOException {
        eachMessage(in, (field, entry) -> {
            if (field == META_GRAPH_SIGNATURE_DEF) {
                Names names = new Names(new HashSet<>(), new HashSet<>());
                signatures.put(readEntry(entry, value -> readSignature(value, names)), names);
            }
        });
    }

    private static void readSignature(CodedInputStream in, Names names) throws IOException {
        eachMessage(in, (field, entry) -> {
            if (field == SIGNATURE_INPUTS) {
                names.inputs().add(readEntry(entry, SavedModelSignatures::skip));
            } else if (field == SIGNATURE_OUTPUTS) {
                names.outputs().add(readEntry(entry, SavedModelSignatures::skip));
            }
        });
    }

    /** Reads a map entry; returns its key and hands its value on. */
    private static String readEntry(CodedInputStream in, Content value) throws IOException {
        StringBuilder key = new StringBuilder();
        eachMessage(in, (field, content) -> {
            if (field == MAP_KEY) {
                key.append(new String(content.readRawBytes(content.getBytesUntilLimit()), UTF_8));
            } else if (field == MAP_VALUE) {
                value.read(content);
            }
        });
        return key.toString();
    }

    /** Hands each length-delimited field on, limited to its content; what the reader leaves of it is skipped. */
    private static void eachMessage(CodedInputStream in, Field reader) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                reader.read(WireFormat.getTagFieldNumber(tag), in);
                skip(in);
                in.popLimit(outer);
            } else if (!in.skipField(tag)) {
                return;
            }
        }
    }

    private static void skip(CodedInputStream in) throws IOException {
        in.skipRawBytes(in.getBytesUntilLimit());
    }

    /** Reads one field. */
    @FunctionalInterface
    private interface Field {
        void read(int number, CodedInputStream content) throws IOException;
    }

    /** Reads the content of one field. */
    @FunctionalInterface
    private interface Content {
        void read(CodedInputStream content) throws IOException;
    }
}
