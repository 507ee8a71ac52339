package io.captioner.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.captioner.image.ImagePreparation;
import io.captioner.image.ImageSize;
import io.captioner.image.Interpolation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The manifest of a bundle: {@code captioner.json}.
 *
 * @param schemaVersion version of this description, 1
 * @param name the bundle's name, its directory under {@code models/}
 * @param version the bundle's version, its directory under the name
 * @param description one sentence for people
 * @param encoder name of the convolutional encoder
 * @param decoder name of the decoder
 * @param input what an image must be before it goes in
 * @param attentionGrid the grid of annotation vectors, or null for a model without attention
 * @param specialIds ids of the tokens that are no words
 * @param maxLength most words a caption may have
 * @param defaults how captions are searched for unless a request says otherwise
 * @param trainingData what the model was trained on, and under which terms
 * @param provenance what made the bundle: commit, seed, settings, data hashes
 * @param scores measured scores by name, such as {@code "BLEU-4"}
 * @param language BCP 47 tag of the captions' language; null if the bundle does not say
 * @param calibration what confidence is computed by; null if the bundle is not calibrated
 * @param files SHA-256 in hexadecimal by file name, for every file of the bundle but the manifest itself
 */
public record Manifest(
        int schemaVersion,
        String name,
        String version,
        String description,
        String encoder,
        String decoder,
        Input input,
        @Nullable Grid attentionGrid,
        SpecialIds specialIds,
        int maxLength,
        DecodeOptions defaults,
        TrainingData trainingData,
        Map<String, String> provenance,
        Map<String, Double> scores,
        @Nullable String language,
        @Nullable Calibration calibration,
        Map<String, String> files) {

    /** The schema version that this program writes and reads. */
    public static final int SCHEMA_VERSION = 2;

    /** Returns the same manifest with other scores. */
    public Manifest withScores(Map<String, Double> others) {
        return copy(schemaVersion, name, version, others, language, calibration, files);
    }

    /**
     * Returns this manifest with a language, a calibration and the hashes of the files.
     *
     * @param said null if the bundle does not say
     */
    public Manifest with(@Nullable String said, @Nullable Calibration calibrated, Map<String, String> hashes) {
        return copy(schemaVersion, name, version, scores, said, calibrated, hashes);
    }

    /** Returns the manifest of the same model in another bundle, as this program writes it. */
    public Manifest exportedAs(String otherName, String otherVersion, Map<String, String> hashes) {
        return copy(SCHEMA_VERSION, otherName, otherVersion, scores, language, calibration, hashes);
    }

    private Manifest copy(
            int schema,
            String itsName,
            String itsVersion,
            Map<String, Double> measured,
            @Nullable String said,
            @Nullable Calibration calibrated,
            Map<String, String> hashes) {
        return new Manifest(
                schema,
                itsName,
                itsVersion,
                description,
                encoder,
                decoder,
                input,
                attentionGrid,
                specialIds,
                maxLength,
                defaults,
                trainingData,
                provenance,
                measured,
                said,
                calibrated,
                hashes);
    }

    /**
     * What an image must be before it goes into the model: RGB, uint8, NHWC; scaling to floats is in the graph.
     *
     * @param width columns
     * @param height rows
     * @param resize how a photo is brought to that size: {@code stretch}, or {@code stretch-and-crop} with
     *     {@code resizedTo}
     * @param scale how the graph scales a value, for people: such as {@code x / 127.5 - 1}
     * @param interpolation how a photo is stretched; {@link Interpolation#AUTOMATIC} if null
     * @param resizedTo the size that a photo is stretched to, of which the middle goes in; null if all of it goes in
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Input(
            int width,
            int height,
            String resize,
            String scale,
            @Nullable Interpolation interpolation,
            @Nullable ImageSize resizedTo) {
        /** The value of {@code resize} where the whole photo goes in. */
        static final String STRETCH = "stretch";

        /** The value of {@code resize} where its middle goes in. */
        static final String STRETCH_AND_CROP = "stretch-and-crop";

        /** Returns the input of a network whose photos are prepared so. */
        public static Input of(ImagePreparation preparation, String scale) {
            boolean whole = preparation.size().equals(preparation.resized());
            return new Input(
                    preparation.size().width(),
                    preparation.size().height(),
                    whole ? STRETCH : STRETCH_AND_CROP,
                    scale,
                    preparation.interpolation() == Interpolation.AUTOMATIC ? null : preparation.interpolation(),
                    whole ? null : preparation.resized());
        }

        /** Returns the way from a photo to the input. */
        public ImagePreparation preparation() {
            ImageSize size = new ImageSize(width, height);
            return new ImagePreparation(
                    size,
                    resizedTo == null ? size : resizedTo,
                    interpolation == null ? Interpolation.AUTOMATIC : interpolation);
        }
    }

    /** The grid of annotation vectors, top-left first, row by row. */
    public record Grid(int rows, int columns) {}

    /** Ids of the tokens that are no words. */
    public record SpecialIds(int pad, int start, int end, int unknown) {}

    /** The data set, its terms, and how many photos and captions of it were trained on. */
    public record TrainingData(String name, String licence, List<String> splits, int photos, int captions) {}
}
