package io.captioner.model;

import io.captioner.files.FileTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
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
                || !found.outputs().equals(outputs)) {
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
}
