package io.captioner.training.run;

import io.captioner.model.DecodeOptions;
import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.source.CaptionFormat;
import io.captioner.training.decoder.DecoderKind;
import io.captioner.training.decoder.DecoderSize;
import io.captioner.training.encoder.EncoderSettings;
import io.captioner.training.export.TrainedBundle;
import io.captioner.training.features.Augmentation;
import io.captioner.training.graph.TrainingSettings;
import io.captioner.training.weights.Precision;
import io.captioner.training.weights.WeightFormat;
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
 * @param name the bundle's name, its directory under {@code models}
 * @param version the bundle's version, a whole number from 1; a version that exists is never overwritten
 * @param description one sentence on the bundle for its manifest
 * @param models where the bundle is written: {@code <models>/<name>/<version>/}
 * @param runDirectory folder of checkpoints and measurements of the run; unset: {@code runs/} and the name. The same
 *     command with the same folder resumes; a run with other settings or data needs another one
 * @param cacheDirectory folder of the annotation vectors of the photos, kept between runs: tens of kilobytes a photo,
 *     so that the encoder runs once for each photo
 * @param startFrom directory of a bundle whose encoder, decoder, vocabulary and weights training starts with, instead
 *     of those that the settings describe; unset: from the encoder's published weights and a fresh decoder
 * @param encoder the encoder, and where its weights are
 * @param weightFormat what the bundle's weights are stored in: {@code float16} halves its size, and changes a caption
 *     in a thousand
 * @param seed decides initial weights, data order, mirroring and dropout: the same seed on the same machine gives the
 *     same bundle
 * @param data the photos and captions
 * @param decoder kind and sizes of the decoder
 * @param optimiser how the decoder is trained
 * @param fineTuning a second phase, which trains the encoder too
 * @param selfCritical a last phase with CIDEr-D and BLEU-4 as reward
 * @param decoding how validation photos are captioned, and what the bundle does by default
 */
@Validated
@ConfigurationProperties("captioner.training")
record TrainingProperties(
        @DefaultValue("show-attend-tell") @NotBlank String name,
        @DefaultValue("1") @Pattern(regexp = "[1-9][0-9]*") String version,

        @DefaultValue("Show, Attend and Tell with soft attention") @NotBlank String description,

        @DefaultValue("models") Path models,
        @Nullable Path runDirectory,
        @DefaultValue("runs/features") Path cacheDirectory,
        @Nullable Path startFrom,
        @NestedConfigurationProperty @Valid @DefaultValue EncoderSettings encoder,
        @DefaultValue("float16") WeightFormat weightFormat,
        @DefaultValue("1") long seed,
        @Valid @NotNull Data data,
        @Valid @DefaultValue Decoder decoder,
        @Valid @DefaultValue Optimiser optimiser,
        @Valid @DefaultValue FineTuning fineTuning,
        @NestedConfigurationProperty @Valid @DefaultValue SelfCriticalSettings selfCritical,
        @Valid @DefaultValue Decoding decoding) {

    /** Returns these settings with the decoder of a bundle. */
    TrainingProperties withDecoderOf(TrainedBundle bundle) {
        DecoderSize size = bundle.decoder().size();
        return new TrainingProperties(
                name,
                version,
                description,
                models,
                runDirectory,
                cacheDirectory,
                startFrom,
                encoder,
                weightFormat,
                seed,
                data,
                new Decoder(
                        bundle.kind(),
                        size.features(),
                        size.attention(),
                        size.embedding(),
                        size.hidden(),
                        size.output(),
                        size.temperature()),
                optimiser,
                fineTuning,
                selfCritical,
                decoding);
    }

    /** Returns the folder of the run: one for each name, unless it is set. */
    @Override
    public Path runDirectory() {
        return runDirectory == null ? Path.of("runs", name) : runDirectory;
    }

    /**
     * The photos and captions.
     *
     * @param name name of the data set, for the manifest; needed
     * @param licence terms of the data set, for the manifest; needed
     * @param language BCP 47 tag of the captions' language, for the manifest. The tokeniser and the stemmer of METEOR
     *     are made for English
     * @param format of the captions files; {@code auto} recognises it by the content of each
     * @param captions the captions files, {@code file} or {@code split=file}; needed
     * @param photos the folders and zip archives of the photos, searched in this order; needed
     * @param splits lists of the images of a split, {@code split=file}, for captions that do not name their split; none
     *     by default
     * @param restval whether Karpathy's {@code restval} photos are trained on; if not, they are left out
     * @param lint {@code strict} stops the job at any fault in the data and names all of them; {@code lenient} leaves
     *     out what is faulty and continues
     * @param minimumCount occurrences in the training captions from which on a word gets an id, at least 1; lower gives
     *     a larger vocabulary, whose rare words are learnt badly
     * @param maxVocabulary most words that get an id, the commonest first; 0 for no limit. Fewer make the bundle
     *     smaller and faster
     * @param maxWords most words of a training caption, 1 to 50; longer ones are left out. Every word makes the longest
     *     step slower
     * @param mirror whether photos are also used mirrored: twice the feature cache, and less overfitting on small data
     *     sets
     */
    record Data(
            @NotBlank String name,
            @NotBlank String licence,
            @DefaultValue("en") @NotBlank String language,
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
     * @param features length of a projected annotation vector, or of the bottleneck of the image; more is slower and
     *     fits small data sets too closely, as with all sizes here
     * @param attention units of the alignment model
     * @param embedding length of the embedding of a word
     * @param hidden units of the recurrent layer
     * @param output units of the layer before the logits, where it is not as wide as an embedding
     * @param temperature divisor of alignment scores, at least 0.01; below 1 sharpens attention, 1 is as in the paper
     */
    record Decoder(
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
     * @param epochs most passes over the training captions; the learning rate falls over all of them. 0, with
     *     {@code start-from}: the decoder is trained in the other phases only
     * @param patience epochs without a better validation after which training stops, at least 1. CIDEr-D decides, then
     *     BLEU-4, ROUGE-L and METEOR; more patience costs time and may find a later best
     * @param batchSize captions in a step; more is faster for each caption, takes more memory and needs a higher
     *     learning rate
     * @param learningRate the highest learning rate; too high diverges (exit code 3), too low learns slowly
     * @param warmupSteps steps over which the rate rises from 0 to the highest; 0 starts with it, which may diverge
     * @param lastRate learning rate of the last step as a share of the highest, 0 to 1; 1 keeps it constant
     * @param scheduledSampling share of previous words that are the decoder's own in the last step, 0 to 0.9; it grows
     *     from 0. More makes it robust to its own mistakes and steps slower
     * @param precision what training steps are computed in; unset: what is fastest on the machine. Validation captions
     *     are always computed in float32, as the bundle computes them
     * @param checkpointSteps steps between checkpoints, beside the one after each epoch; fewer lose less work to a kill
     *     and write more
     * @param dropFeatures probability with which a channel of the annotation vectors of a photo is dropped, 0 to 0.9;
     *     each kind of dropout is for data sets so small that training captions are learnt by heart, and slows learning
     *     down
     * @param dropEmbedding probability with which a value of the embedding of a word is dropped, 0 to 0.9
     * @param dropOutput probability with which a value of the layer before the logits is dropped, 0 to 0.9
     * @param dropWords probability with which a previous word is replaced by the unknown word, 0 to 0.9; more makes the
     *     decoder rely on the photo rather than on its own sentence
     * @param labelSmoothing share of the target probability that is spread over the other words, 0 to 0.9; more gives
     *     less confident word probabilities, and often better captions
     * @param consensusWeight by how much the captions of a photo that agree with its others (CIDEr-D) count more than
     *     those that do not, 0 to 1; 0: all count alike; 1: a caption counts as much as it agrees. More gives captions
     *     that more people would write
     * @param doublyStochastic weight of the doubly stochastic term of the paper (section 4.2.1), which makes attention
     *     cover the whole photo; 0 for none, 1 as in the paper
     * @param entropyWeight weight of the term that keeps attention from spreading over all places at once; 0 for none.
     *     More gives sharper attention maps, at some cost in scores
     * @param entropyTarget entropy of attention, as a share of that of equal weights (0 to 1), above which that term
     *     acts; lower gives sharper maps
     * @param clipNorm global norm to which gradients are clipped, above 0; lower steadies training and slows it down
     * @param averageDecay decay of the moving average of the weights that is validated and exported, 0 to 0.99999;
     *     higher averages over more steps, which needs more steps to catch up
     */
    record Optimiser(
            @DefaultValue("8") @Min(0) int epochs,
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

            @DefaultValue("0.0") @DecimalMin("0") @DecimalMax("1") float consensusWeight,

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
     * Training of encoder and decoder together, from the best weights of the first phase on: an untrained decoder would
     * spoil the encoder. Photos are read and varied anew for every step. BatchNorm keeps its statistics.
     *
     * @param epochs most passes over the training captions; 0 for no such phase, with an encoder that stays frozen. An
     *     epoch takes many times as long as one with a frozen encoder
     * @param learningRate the decoder's highest learning rate
     * @param encoderLearningRate the encoder's highest learning rate; both rise and fall as the optimiser's. Higher
     *     than the decoder's spoils what the encoder has learnt before
     * @param batchSize captions in a step at least: all those of as many photos as it takes, each photo encoded once.
     *     Memory grows with it
     * @param firstLayer first layer of the encoder that is trained, with all that come after it; unset: all. A later
     *     one is faster and fits small data sets less closely
     * @param crop share of each side that is cut off at a random place, 0 to 0.9; variation of photos is against
     *     overfitting
     * @param brightness most that is added to or taken from values, as a share of white, 0 to 1
     * @param contrast most by which differences from grey grow or shrink, as a share, 0 to 1
     */
    record FineTuning(
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
     * How validation photos are captioned, and what the bundle does by default.
     *
     * @param beamWidth hypotheses kept at each step, 1 to 10; 1 is greedy search. Wider is slower and seldom better
     *     beyond 5
     * @param maxWords words after which a caption is cut, 1 to 50
     * @param lengthPenalty exponent of the length by which log-probabilities are divided, 0 to 2; more favours longer
     *     captions
     * @param noRepeatNgram length in words of the runs that occur at most once in a caption, 0 to 4; 0 for no limit
     * @param consensus whether the hypotheses of a beam are ordered by how much they resemble what people wrote of
     *     similar training photos and, where that is not known, each other; costs little time and often gives better
     *     captions; better with a beam of 5 or wider
     * @param wordPrior whether the bundle's searches also favour words that people wrote of similar training photos;
     *     for {@code consensus}. The validation of the training is without that
     */
    record Decoding(
            @DefaultValue("3") @Min(1) @Max(10) int beamWidth,
            @DefaultValue("24") @Min(1) @Max(50) int maxWords,

            @DefaultValue("0.7") @DecimalMin("0") @DecimalMax("2") float lengthPenalty,

            @DefaultValue("0") @Min(0) @Max(DecodeOptions.MAX_NO_REPEAT) int noRepeatNgram,

            @DefaultValue("false") boolean consensus,
            @DefaultValue("false") boolean wordPrior) {
        /** @throws IllegalArgumentException if there is a prior of words for searches that do not use it */
        Decoding {
            if (wordPrior && !consensus) {
                throw new IllegalArgumentException(
                        "captioner.training.decoding.word-prior is for searches with consensus: set decoding.consensus=true, or decoding.word-prior=false");
            }
        }

        DecodeOptions options() {
            return new DecodeOptions(beamWidth, maxWords, lengthPenalty, noRepeatNgram, null, null, consensus);
        }
    }
}
