package io.captioner.training.calibration;

import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.Split;
import io.captioner.training.data.source.CaptionFormat;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The calibration of a bundle.
 *
 * @param bundle directory {@code <name>/<version>}; its manifest is written anew, and what it knows of its training
 *     photos
 * @param language BCP 47 tag of the captions' language that the manifest gets; unset: what it has
 * @param data photos with captions that the bundle was not trained on; the first data set is of the training's kind,
 *     the others show what it does on other photos. The more photos, the truer the figures: from 500 on
 * @param training photos that the bundle was trained on, by which others are familiar and captions have support; unset:
 *     the calibration goes without both
 * @param rightFrom CIDEr-D against the references from which on a caption counts as right
 * @param mediumFrom confidence from which on the level is medium
 * @param highFrom confidence from which on the level is high, at least {@code medium-from}
 * @param caution weight of wrong captions of other data sets than the first: above 1, confidence in photos of other
 *     kinds is lower than it is true on them, and tells them apart better
 * @param axes most main axes of the training photos that are kept; more see finer differences and make the file larger
 * @param trainingPhotos most training photos that are used, taken at random; more take longer
 * @param neighbours whether the bundle gets the captions of the training photos, as ids of words, so that captions are
 *     compared with those of similar photos: confidence tells right from wrong better, and consensus chooses slightly
 *     better
 */
@Validated
@ConfigurationProperties("captioner.calibration")
record CalibrationProperties(
        @NotNull Path bundle,
        @Nullable String language,
        @NotEmpty List<@Valid DataSet> data,
        @Valid @Nullable DataSet training,

        @DefaultValue("0.5") @DecimalMin("0") @DecimalMax("10") double rightFrom,

        @DefaultValue("0.3") @DecimalMin("0") @DecimalMax("1") double mediumFrom,

        @DefaultValue("0.6") @DecimalMin("0") @DecimalMax("1") double highFrom,

        @DefaultValue("1") @DecimalMin("0.1") @DecimalMax("20") double caution,

        @DefaultValue("256") @Min(1) @Max(256) int axes,
        @DefaultValue("6000") @Min(2) int trainingPhotos,
        @DefaultValue("true") boolean neighbours) {

    /**
     * A data set.
     *
     * @param name for people; needed
     * @param format of the captions files; {@code auto} recognises it by the content of each
     * @param captions the captions files, {@code file} or {@code split=file}; needed
     * @param photos the folders and zip archives of the photos, searched in this order; needed
     * @param splits lists of the images of a split, {@code split=file}, for captions that do not name their split; none
     *     by default
     * @param restval whether Karpathy's {@code restval} photos count as training photos
     * @param split the photos that are used: {@code train}, {@code validation} or {@code test}; unset: {@code train} of
     *     the training photos, {@code validation} of others
     * @param lint {@code strict} stops the job at any fault in the data; {@code lenient} leaves out what is faulty
     */
    record DataSet(
            @NotBlank String name,
            @DefaultValue("auto") CaptionFormat format,
            @NotEmpty List<SplitFile> captions,
            @NotEmpty List<Path> photos,
            @DefaultValue List<SplitFile> splits,
            @DefaultValue("true") boolean restval,
            @Nullable Split split,
            @DefaultValue("strict") LintMode lint) {
        DatasetFiles files() {
            return new DatasetFiles(format, captions, photos, splits, restval);
        }
    }

    BundleCalibrator.Settings settings() {
        return new BundleCalibrator.Settings(
                rightFrom, mediumFrom, highFrom, caution, axes, trainingPhotos, neighbours);
    }
}
