package io.captioner.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.captioner.files.FileTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a bundle before anything of it is loaded: manifest, files, hashes, signatures. */
public final class BundleVerifier {
    private static final Logger log = LoggerFactory.getLogger(BundleVerifier.class);
    private static final Set<String> NEEDED = Set.of(Bundle.GRAPH, Bundle.VOCABULARY, Bundle.GOLDEN);

    private BundleVerifier() {}

    /** @throws BrokenBundleException saying what is wrong and where */
    public static Manifest verify(Path bundle) {
        Manifest manifest = ManifestFile.read(bundle);
        checkFiles(bundle, manifest.files());
        checkSignatures(bundle.resolve(Bundle.GRAPH), manifest.attentionGrid() != null);
        return manifest;
    }

    private static void checkFiles(Path bundle, Map<String, String> expected) {
        Map<String, String> actual;
        try {
            FileTree files = FileTree.of(bundle);
            files.passedOver().faulty().forEach((name, reason) -> {
                if (expected.containsKey(name)) {
                    throw new BrokenBundleException(bundle.resolve(name), BrokenBundleException.unreadable(reason));
                }
            });
            files.passedOver().log(log, bundle);
            actual = Bundle.hashes(files);
        } catch (IOException e) {
            throw BrokenBundleException.unreadable(bundle, e);
        }
        rejectAny(bundle, "the manifest lists no", without(NEEDED, expected.keySet()));
        rejectAny(bundle, "missing:", without(expected.keySet(), actual.keySet()));
        rejectAny(bundle, "not in the manifest:", without(actual.keySet(), expected.keySet()));
        Set<String> changed = new TreeSet<>();
        expected.forEach((name, hash) -> {
            if (!hash.equalsIgnoreCase(actual.get(name))) {
                changed.add(name);
            }
        });
        rejectAny(bundle, "not the file that the manifest was written for (SHA-256 differs):", changed);
    }

    private static void checkSignatures(Path graph, boolean attends) {
        Map<String, SavedModelSignatures.Names> signatures = SavedModelSignatures.read(graph);
        checkSignature(
                graph, signatures, Signatures.CAPTION, Signatures.CAPTION_INPUTS, Signatures.captionOutputs(attends));
        checkSignature(graph, signatures, Signatures.SCORE, Signatures.SCORE_INPUTS, Signatures.scoreOutputs(attends));
    }

    /** DJL takes another signature in silence where the wanted one is missing, so this is checked before. */
    private static void checkSignature(
            Path graph,
            Map<String, SavedModelSignatures.Names> signatures,
            String key,
            Set<String> inputs,
            Set<String> outputs) {
        SavedModelSignatures.Names found = signatures.get(key);
        if (found == null) {
            throw new BrokenBundleException(
                    graph, "has no signature '%s', only %s".formatted(key, new TreeSet<>(signatures.keySet())));
        }
        if (!without(found.inputs(), Signatures.OPTIONAL_INPUTS).equals(inputs)
                || !without(found.outputs(), Signatures.OPTIONAL_OUTPUTS).equals(outputs)) {
            throw new BrokenBundleException(
                    graph,
                    "signature '%s' goes from %s to %s, not from %s to %s"
                            .formatted(
                                    key,
                                    new TreeSet<>(found.inputs()),
                                    new TreeSet<>(found.outputs()),
                                    new TreeSet<>(inputs),
                                    new TreeSet<>(outputs)));
        }
    }

    private static Set<String> without(Set<String> names, Set<String> others) {
        Set<String> rest = new TreeSet<>(names);
        rest.removeAll(others);
        return rest;
    }

    private static void rejectAny(Path bundle, String what, Set<String> names) {
        if (!names.isEmpty()) {
            throw new BrokenBundleException(bundle, what + " " + String.join(", ", names));
        }
    }

    /**
     * The signatures that a {@code saved_model.pb} lists, read without loading its graph. Field numbers are those of
     * TensorFlow's {@code saved_model.proto} and {@code meta_graph.proto}.
     */
    static final class SavedModelSignatures {
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
}
