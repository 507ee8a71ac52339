package io.captioner.training.evaluation;

import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.LintMode;
import io.captioner.training.data.Split;
import io.captioner.training.data.SplitFile;
import io.captioner.training.data.source.CaptionFormat;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The scoring of a running service or of a bundle.
 *
 * @param url of the service; not asked if there is a bundle
 * @param bundle {@code models/<name>/<version>}, to be run in this process; a service if not given
 * @param output where {@code scores.json}, {@code captions.jsonl} and {@code report.html} are written
 * @param runDirectory of the training, for the curves in the report; none if not given
 * @param format of the captions files
 * @param captions the captions files, {@code file} or {@code split=file}
 * @param photos the folders and zip archives of the photos
 * @param split which photos are captioned
 * @param splits lists of a split's images, {@code split=file}, for captions that do not say their split
 * @param restval whether Karpathy's {@code restval} photos are training photos
 * @param lint whether faults in the data stop the job or are skipped and reported
 * @param beamWidth hypotheses kept at each step, 1 is greedy search; the split is captioned once with each
 * @param lengthPenalty ranking of finished captions; the bundle's own if not given
 * @param concurrency requests in flight
 */
@Validated
@ConfigurationProperties("captioner.evaluation")
public record EvaluationProperties(
        @DefaultValue("http://localhost:8080") URI url,
        @Nullable Path bundle,
        @DefaultValue("runs/evaluation") Path output,
        @Nullable Path runDirectory,
        @DefaultValue("auto") CaptionFormat format,
        @NotEmpty List<SplitFile> captions,
        @NotEmpty List<Path> photos,
        @DefaultValue List<SplitFile> splits,
        @DefaultValue("true") boolean restval,
        @DefaultValue("strict") LintMode lint,
        @DefaultValue("validation") Split split,
        @DefaultValue({"1", "3"}) @NotEmpty List<@Min(1) @Max(10) Integer> beamWidth,
        @Nullable Float lengthPenalty,
        @DefaultValue("4") @Min(1) @Max(64) int concurrency) {

    DatasetFiles files() {
        return new DatasetFiles(format, captions, photos, splits, restval);
    }
}
