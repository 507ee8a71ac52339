package io.captioner.training.features;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.captioner.files.Sha256;
import io.captioner.jobs.AtomicFile;
import io.captioner.training.data.PictureFile;
import io.captioner.training.encoder.Encoder;
import io.captioner.training.weights.NamedWeights;
import io.captioner.training.weights.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the entries of a feature file are, kept beside it as JSON: equal indexes mean equal features.
 *
 * @param layout version of the data file's layout
 * @param preprocessing version of what happens between a photo's bytes and the encoder
 * @param preparation how photos become its images, unless it is the program's own way
 * @param encoder name of the encoder
 * @param weights SHA-256 of its weights
 * @param precision what it computed in
 * @param photos how many photos
 * @param photosSha256 SHA-256 over the SHA-256 of each photo's bytes, in order
 * @param mirrored whether each photo's entry is followed by one of its mirror image
 * @param entryBytes bytes of one entry
 */
record CacheIndex(
        int layout,
        int preprocessing,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String preparation,
        String encoder,
        String weights,
        Precision precision,
        int photos,
        String photosSha256,
        boolean mirrored,
        int entryBytes) {
    private static final int LAYOUT = 1;

    /** To be raised whenever decoding or resizing gives other pixels. */
    private static final int PREPROCESSING = 2;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static CacheIndex of(
            Encoder encoder, NamedWeights weights, Precision precision, List<Path> photos, boolean mirrored)
            throws IOException {
        int entryBytes = Math.multiplyExact(encoder.rows() * encoder.columns() * encoder.channels(), Short.BYTES);
        return new CacheIndex(
                LAYOUT,
                PREPROCESSING,
                encoder.preparation().isOwn() ? null : encoder.preparation().toString(),
                encoder.name(),
                weights.sha256(),
                precision,
                photos.size(),
                sha256(photos),
                mirrored,
                entryBytes);
    }

    /** Reads an index; one that is absent or unreadable is no index. */
    static Optional<CacheIndex> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), CacheIndex.class));
        } catch (JacksonException anotherVersionWroteIt) {
            return Optional.empty();
        }
    }

    /** Writes the index as a whole. */
    void write(Path file) throws IOException {
        AtomicFile.write(file, JSON.writeValueAsBytes(this));
    }

    /** Bytes of a photo's entries. */
    long photoBytes() {
        return (long) entryBytes * entriesPerPhoto();
    }

    int entriesPerPhoto() {
        return mirrored ? 2 : 1;
    }

    private static String sha256(List<Path> photos) throws IOException {
        MessageDigest all = Sha256.digest();
        MessageDigest one = Sha256.digest();
        for (Path photo : photos) {
            all.update(one.digest(PictureFile.read(photo)));
        }
        return Sha256.hex(all.digest());
    }
}
