package io.captioner.training.explore;

import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.DatasetFiles;
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
 * @param name name of the data set, for the title of the page
 * @param format of the captions files; {@code auto} recognises it by the content of each
 * @param captions the captions files, {@code file} or {@code split=file}; needed
 * @param photos the folders and zip archives of the photos, searched in this order; needed
 * @param splits lists of the images of a split, {@code split=file}, for captions that do not name their split; none by
 *     default
 * @param restval whether Karpathy's {@code restval} photos count as training photos; if not, they are left out
 * @param output file of the page; overwritten
 * @param cacheDirectory folder in which it is noted which pictures are good; the one of a training, which then need not
 *     check them again
 * @param seed decides which photos are shown as samples
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
