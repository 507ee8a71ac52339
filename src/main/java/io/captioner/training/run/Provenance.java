package io.captioner.training.run;

import io.captioner.files.Sha256;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.NamedWeights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The provenance of a run: what decides its outcome.
 *
 * @param run identifies runs whose checkpoints fit each other: the same settings and data give the same value
 * @param facts for {@code run.json} and the manifest
 */
record Provenance(String run, Map<String, String> facts) {
    private static final String COMMIT = "commit";

    /**
     * Gathers what decides a run's outcome.
     *
     * @param commit the commit this program was built from; another commit may resume the same run
     */
    static Provenance of(TrainingProperties properties, String commit, Encoder encoder, NamedWeights encoderWeights)
            throws IOException {
        TrainingProperties.Data data = properties.data();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("captions sha256", sha256(data.captions()));
        if (!data.splits().isEmpty()) {
            facts.put("splits sha256", sha256(data.splits()));
        }
        if (!data.restval()) {
            facts.put("restval", "left out");
        }
        facts.put("encoder", encoder.name());
        facts.put("encoder precision", properties.encoder().trainingPrecision().name());
        facts.put("encoder weights sha256", encoderWeights.sha256());
        if (properties.startFrom() != null) {
            facts.put("start from", "the bundle that the encoder's weights are of");
        }
        facts.put("weight format", properties.weightFormat().name());
        facts.put("seed", Long.toString(properties.seed()));
        facts.put("minimum count", Integer.toString(data.minimumCount()));
        facts.put("max vocabulary", Integer.toString(data.maxVocabulary()));
        facts.put("max words", Integer.toString(data.maxWords()));
        facts.put("mirror", Boolean.toString(data.mirror()));
        facts.put("decoder", properties.decoder().toString());
        facts.put(
                "training precision", properties.optimiser().trainingPrecision().name());
        facts.put("optimiser", properties.optimiser().toString());
        facts.put("fine-tuning", properties.fineTuning().toString());
        facts.put("self-critical", properties.selfCritical().toString());
        String run = UUID.nameUUIDFromBytes(facts.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        facts.put(COMMIT, commit);
        return new Provenance(run, facts);
    }

    /** Returns whether facts are of the same run, of any commit. */
    boolean isOf(Map<String, String> others) {
        return withoutCommit(facts).equals(withoutCommit(others));
    }

    private static Map<String, String> withoutCommit(Map<String, String> facts) {
        Map<String, String> rest = new LinkedHashMap<>(facts);
        rest.remove(COMMIT);
        return rest;
    }

    private static String sha256(List<SplitFile> files) throws IOException {
        List<String> hashes = new ArrayList<>();
        for (SplitFile file : files) {
            String hash = Sha256.of(file.file());
            hashes.add(file.split() == null ? hash : file.split().label() + "=" + hash);
        }
        return String.join(",", hashes);
    }
}
