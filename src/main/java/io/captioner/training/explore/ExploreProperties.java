package io.captioner.training.explore;

import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.SplitFile;
import io.captioner.training.data.source.CaptionFormat;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The data set that is shown, named as a training names it, and the page.
 *
 * @param name what the data set is called, for the page's title
 * @param format of the captions files
 * @param captions the captions files, {@code file} or {@code split=file}
 * @param photos the folders and zip archives of the photos
 * @param splits lists of a split's images, {@code split=file}, for captions that do not say their split
 * @param restval whether Karpathy's {@code restval} photos are training photos
 * @param output the page
 * @param cacheDirectory where it is remembered which pictures are good; a training's, so that it need not look again
 * @param seed picks the photos that are shown
 */
@Validated
@ConfigurationProperties("captioner.explore")
record ExploreProperties(
        @DefaultValue("Data set") @NotBlank String name,
        @DefaultValue("auto") CaptionFormat format,
        @NotEmpty List<SplitFile> captions,
        @NotEmpty List<Path> photos,
        @DefaultValue List<SplitFile> splits,
        @DefaultValue("true") boolean restval,
        @DefaultValue("runs/explore.html") Path output,
        @DefaultValue("runs/features") Path cacheDirectory,
        @DefaultValue("1") long seed) {

    DatasetFiles files() {
        return new DatasetFiles(format, captions, photos, splits, restval);
    }
}
