package io.captioner.training.run;

import io.captioner.training.features.Photos;
import io.captioner.model.DecodeOptions;
import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.LintMode;
import io.captioner.training.data.SplitFile;
import io.captioner.training.data.source.CaptionFormat;
import io.captioner.training.encoder.EncoderSettings;
import io.captioner.training.features.Augmentation;
import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.weights.Precision;
import io.captioner.training.graph.TrainingSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * One training run.
 *
 * @param name the bundle's name
 * @param version the bundle's version, a number
 * @param description what the bundle is, one sentence for its manifest
 * @param models where the bundle is written: {@code <models>/<name>/<version>/}
 * @param runDirectory where checkpoints and measurements of the run lie; starting again with the same one resumes
 * @param cacheDirectory where the photos' features are kept between runs
 * @param encoder the encoder, and where its weights are
 * @param seed decides initial weights, data order, mirroring and dropout
 * @param data the photos and captions
 * @param decoder the decoder's sizes
 * @param optimiser how it is trained
 * @param fineTuning a second phase, which trains the encoder too
 * @param selfCritical a last phase of training
 * @param decoding how validation photos are captioned, and what the bundle does by default
 */
@Validated
@ConfigurationProperties("captioner.training")
public record TrainingProperties(
        @DefaultValue("show-attend-tell") @NotBlank String name,
        @DefaultValue("1") @Pattern(regexp = "[1-9][0-9]*") String version,

        @DefaultValue("Show, Attend and Tell with soft attention") @NotBlank String description,

        @DefaultValue("models") Path models,
        @DefaultValue("runs/show-attend-tell") Path runDirectory,
        @DefaultValue("runs/features") Path cacheDirectory,
        @NestedConfigurationProperty @Valid @NotNull EncoderSettings encoder,
        @DefaultValue("1") long seed,
        @Valid @NotNull Data data,
        @Valid @DefaultValue Decoder decoder,
        @Valid @DefaultValue Optimiser optimiser,
        @Valid @DefaultValue FineTuning fineTuning,
        @Valid @DefaultValue SelfCritical selfCritical,
        @Valid @DefaultValue Decoding decoding) {

    /**
     * The photos and captions.
     *
     * @param name what the data set is called, for the manifest
     * @param licence its terms, for the manifest
     * @param format of the captions files
     * @param captions the captions files, {@code file} or {@code split=file}
     * @param photos the folders and zip archives of the photos
     * @param splits lists of a split's images, {@code split=file}, for captions that do not say their split
     * @param restval whether Karpathy's {@code restval} photos are trained on
     * @param lint whether faults in the data stop the run or are skipped and reported
     * @param minimumCount how often a word must stand in the training captions to get an id
     * @param maxVocabulary most words that get an id, the commonest first; 0 for no limit
     * @param maxWords longer training captions are left out
     * @param mirror whether photos are also seen mirrored
     */
    public record Data(
            @NotBlank String name,
            @NotBlank String licence,
            @DefaultValue("auto") CaptionFormat format,
            @NotEmpty List<SplitFile> captions,
            @NotEmpty List<Path> photos,
            @DefaultValue List<SplitFile> splits,
            @DefaultValue("true") boolean restval,
            @DefaultValue("strict") LintMode lint,
            @DefaultValue("5") @Min(1) int minimumCount,
            @DefaultValue("0") @Min(0) int maxVocabulary,
            @DefaultValue("24") @Min(1) @Max(50) int maxWords,
            @DefaultValue("true") boolean mirror) {

        DatasetFiles files() {
            return new DatasetFiles(format, captions, photos, splits, restval);
        }
    }

    /**
     * The decoder and its sizes; those that a kind has no use for are ignored.
     *
     * @param kind which decoder
     * @param features length of a projected annotation vector, or of the image's bottleneck
     * @param attention units of the alignment model
     * @param embedding length of a word's embedding
     * @param hidden units of the recurrent layer
     * @param output units of the layer before the logits, where it is not as wide as an embedding
     * @param temperature divisor of alignment scores; below 1 sharpens attention
     */
    public record Decoder(
            @DefaultValue("soft-attention-lstm") DecoderKind kind,
            @DefaultValue("512") @Positive int features,
            @DefaultValue("256") @Positive int attention,
            @DefaultValue("512") @Positive int embedding,
            @DefaultValue("512") @Positive int hidden,
            @DefaultValue("512") @Positive int output,
            @DefaultValue("0.15") @DecimalMin("0.01") float temperature) {}

    /**
     * How the decoder is trained.
     *
     * @param epochs passes over the training captions, at most
     * @param patience epochs without a better validation CIDEr-D after which training stops
     * @param batchSize captions in a step
     * @param learningRate the highest learning rate
     * @param warmupSteps steps until that rate
     * @param lastRate the learning rate of the last step, as a share of the highest; 1 keeps it constant
     * @param scheduledSampling share of previous words that are the decoder's own in the last step; it grows from 0
     * @param precision what steps are computed in; null leaves it to the machine. Captions of validation are always
     *     computed in float32, as the bundle computes them
     * @param checkpointSteps steps between checkpoints, beside the one after each epoch
     */
    public record Optimiser(
            @DefaultValue("8") @Min(1) int epochs,
            @DefaultValue("3") @Min(1) int patience,
            @DefaultValue("64") @Min(1) int batchSize,
            @DefaultValue("6e-4") @Positive double learningRate,
            @DefaultValue("300") @Min(0) int warmupSteps,

            @DefaultValue("0.02") @DecimalMin("0") @DecimalMax("1") double lastRate,

            @DefaultValue("250") @Min(1) int checkpointSteps,

            @DefaultValue("0.3") @DecimalMin("0") @DecimalMax("0.9") float dropFeatures,

            @DefaultValue("0.5") @DecimalMin("0") @DecimalMax("0.9") float dropEmbedding,

            @DefaultValue("0.5") @DecimalMin("0") @DecimalMax("0.9") float dropOutput,

            @DefaultValue("0.0") @DecimalMin("0") @DecimalMax("0.9") float dropWords,

            @DefaultValue("0.0") @DecimalMin("0") @DecimalMax("0.9") float scheduledSampling,

            @DefaultValue("0.1") @DecimalMin("0") @DecimalMax("0.9") float labelSmoothing,

            @DefaultValue("0.01") @DecimalMin("0") float doublyStochastic,
            @DefaultValue("0.3") @DecimalMin("0") float entropyWeight,

            @DefaultValue("0.65") @DecimalMin("0") @DecimalMax("1") float entropyTarget,

            @DefaultValue("5") @Positive float clipNorm,

            @DefaultValue("0.998") @DecimalMin("0") @DecimalMax("0.99999") float averageDecay,

            @Nullable Precision precision) {

        Precision trainingPrecision() throws IOException {
            return precision == null ? Precision.ofThisMachine() : precision;
        }

        TrainingSettings settings() throws IOException {
            return new TrainingSettings(
                    dropFeatures,
                    dropEmbedding,
                    dropOutput,
                    dropWords,
                    scheduledSampling > 0,
                    labelSmoothing,
                    doublyStochastic,
                    entropyWeight,
                    entropyTarget,
                    clipNorm,
                    averageDecay,
                    trainingPrecision());
        }
    }

    /**
     * Training of encoder and decoder together, from the best weights of the first phase on: a decoder that knows
     * nothing yet would spoil the encoder. Photos are read and varied anew for every step. BatchNorm keeps its
     * statistics.
     *
     * @param epochs passes over the training captions; 0 for an encoder that stays frozen
     * @param learningRate the decoder's highest learning rate
     * @param encoderLearningRate the encoder's; both rise and fall as the optimiser's
     * @param batchSize captions in a step, each with a photo
     * @param firstLayer the first layer that is trained, with all that come after it; all if not given
     * @param crop share of each side that is cut off at a random place
     * @param brightness most that is added to or taken from values, as a share of white
     * @param contrast most by which differences from grey grow or shrink
     */
    public record FineTuning(
            @DefaultValue("0") @Min(0) int epochs,
            @DefaultValue("1e-4") @Positive double learningRate,
            @DefaultValue("1e-5") @Positive double encoderLearningRate,
            @DefaultValue("32") @Min(1) int batchSize,
            @Nullable String firstLayer,

            @DefaultValue("0.125") @DecimalMin("0") @DecimalMax("0.9") float crop,

            @DefaultValue("0.1") @DecimalMin("0") @DecimalMax("1") float brightness,

            @DefaultValue("0.1") @DecimalMin("0") @DecimalMax("1") float contrast) {

        Augmentation augmentation() {
            return new Augmentation(crop, brightness, contrast);
        }
    }

    /**
     * Self-critical sequence training with CIDEr-D as reward, from the best weights so far on; see
     * {@link SelfCritical}.
     *
     * @param epochs passes over the training photos; 0 for no such phase
     * @param learningRate of every step
     * @param samples captions drawn of each photo; a step takes so many photos that it has a batch of captions
     */
    public record SelfCritical(
            @DefaultValue("0") @Min(0) int epochs,
            @DefaultValue("2e-5") @Positive double learningRate,
            @DefaultValue("5") @Min(1) @Max(64) int samples) {}

    /**
     * How validation photos are captioned, and what the bundle does by default.
     *
     * @param beamWidth hypotheses kept at each step
     * @param maxWords words after which a caption is cut
     * @param lengthPenalty exponent of the length by which log-probabilities are divided
     * @param noRepeatNgram no run of so many words stands twice in a caption; 0 for no limit
     */
    public record Decoding(
            @DefaultValue("3") @Min(1) @Max(10) int beamWidth,
            @DefaultValue("24") @Min(1) @Max(50) int maxWords,

            @DefaultValue("0.7") @DecimalMin("0") @DecimalMax("2") float lengthPenalty,

            @DefaultValue("0") @Min(0) @Max(DecodeOptions.MAX_NO_REPEAT) int noRepeatNgram) {

        DecodeOptions options() {
            return new DecodeOptions(beamWidth, maxWords, lengthPenalty, noRepeatNgram, null);
        }
    }
}
