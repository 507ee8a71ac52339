package io.captioner.training.evaluation;

import io.captioner.training.data.CaptionDataset.LintMode;
import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.Split;
import io.captioner.training.data.source.CaptionFormat;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The scoring of a running service or of a bundle.
 *
 * @param url address of the running service to be scored, {@code http} or {@code https}; used without a {@code bundle}
 *     only
 * @param bundle {@code models/<name>/<version>}, loaded in this process with the search of the service; unset: the
 *     service at {@code url}
 * @param output folder of {@code scores.json}, {@code captions.jsonl} and {@code report.html}; what an earlier
 *     evaluation left there is overwritten
 * @param runDirectory run directory of the training, {@code runs/<name>} by default there, whose curves are drawn in
 *     the report; unset: no curves
 * @param format of the captions files; {@code auto} recognises it by the content of each
 * @param captions the captions files, {@code file} or {@code split=file}; needed
 * @param photos the folders and zip archives of the photos, searched in this order; needed
 * @param split the photos that are captioned: {@code train}, {@code validation} or {@code test}
 * @param splits lists of the images of a split, {@code split=file}, for captions that do not name their split; none by
 *     default
 * @param restval whether Karpathy's {@code restval} photos count as training photos; if not, they are left out
 * @param lint {@code strict} stops the job at any fault in the data and names all of them; {@code lenient} leaves out
 *     what is faulty and continues
 * @param boxes instance annotations as COCO's, whose categories may have {@code synonyms} as LVIS's: measures how often
 *     the attention of a word for a category has its peak in a box of that category; unset: not measured
 * @param beamWidth hypotheses kept at each step, 1 to 10; 1 is greedy search. The split is captioned once with each of
 *     these widths; unset: greedy and with the model's own search
 * @param lengthPenalty exponent by which longer captions are favoured, 0 to 5; unset: the bundle's own, as all the rest
 *     of its search
 * @param card whether {@code models/<name>/README.md} is written anew, with the scores, the faults by word and the
 *     speed by batch size that were measured; needs a {@code bundle}
 * @param concurrency requests in flight to the service, 1 to 64; without meaning for a {@code bundle}
 */
@Validated
@ConfigurationProperties("captioner.evaluation")
record EvaluationProperties(
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
        @Nullable Path boxes,
        @DefaultValue List<@Min(1) @Max(10) Integer> beamWidth,
        @Nullable Float lengthPenalty,
        @DefaultValue("false") boolean card,
        @DefaultValue("4") @Min(1) @Max(64) int concurrency) {
    private static final int MAX_LENGTH_PENALTY = 5;

    /** @throws IllegalArgumentException if the address or the length penalty is none */
    public EvaluationProperties {
        if (!List.of("http", "https").contains(String.valueOf(url.getScheme())) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "captioner.evaluation.url is %s: set it to an address such as http://localhost:8080"
                            .formatted(url));
        }
        if (lengthPenalty != null && !(lengthPenalty >= 0 && lengthPenalty <= MAX_LENGTH_PENALTY)) {
            throw new IllegalArgumentException("captioner.evaluation.length-penalty is %s: set it to 0 to %d"
                    .formatted(lengthPenalty, MAX_LENGTH_PENALTY));
        }
    }

    /** Returns the beam widths to caption with, null for the model's own search. */
    List<@Nullable Integer> searches() {
        return beamWidth.isEmpty() ? Arrays.asList(1, null) : List.copyOf(beamWidth);
    }

    DatasetFiles files() {
        return new DatasetFiles(format, captions, photos, splits, restval);
    }
}
