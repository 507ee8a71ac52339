package io.captioner.training.checkpoints;

import io.captioner.training.data.DatasetFiles;
import io.captioner.training.data.DatasetFiles.SplitFile;
import io.captioner.training.data.Split;
import io.captioner.training.data.source.CaptionFormat;
import io.captioner.training.weights.WeightFormat;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The import of a checkpoint that others have published or trained.
 *
 * @param format whose network it is; {@code auto} recognises it by the names of its tensors
 * @param map name map of a network of your own; unset: that of the format
 * @param checkpoint the files: one or two of {@code torch.save}, or a checkpoint of TensorFlow by its prefix; or the
 *     folder that holds them. Needed
 * @param vocabulary the words that were beside it: {@code WORDMAP….json}, {@code vocab.pkl}, {@code word_counts.txt},
 *     or a text with a word in each line. Needed
 * @param name the bundle's name, its directory under {@code models}
 * @param version the bundle's version, a whole number from 1; a version that exists is never overwritten
 * @param models where the bundle is written: {@code <models>/<name>/<version>/}
 * @param licence terms of the weights, for the manifest and the card: what their author says on the page that you
 *     fetched them from. Needed
 * @param weights {@code float16} halves the bundle; a weight keeps 11 significant bits, and log-probabilities change by
 *     some thousandths. {@code float32} keeps the checkpoint's numbers
 * @param language of the captions, a tag of BCP 47; unset: {@code zh} where most words are in Chinese characters, else
 *     the map's, else {@code en}
 * @param evaluate photos and captions that the bundle is scored on before it is published; unset: none
 */
@Validated
@ConfigurationProperties("captioner.import")
record ImportProperties(
        @DefaultValue("auto") CheckpointFormat format,
        @Nullable Path map,
        @NotEmpty List<Path> checkpoint,
        @NotNull Path vocabulary,
        @NotBlank String name,

        @DefaultValue("1") @Pattern(regexp = "[1-9][0-9]{0,8}") String version,

        @DefaultValue("models") Path models,
        @NotBlank String licence,
        @DefaultValue("float32") WeightFormat weights,

        @Nullable @Pattern(regexp = "[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
        String language,

        @Valid @Nullable Evaluate evaluate) {

    /**
     * A data set for scores.
     *
     * @param format of the captions files; {@code auto} recognises it by the content of each
     * @param captions the captions files, {@code file} or {@code split=file}
     * @param photos the folders and zip archives of the photos, searched in this order
     * @param splits lists of the images of a split, {@code split=file}, for captions that do not name their split
     * @param split the photos that are captioned
     */
    record Evaluate(
            @DefaultValue("auto") CaptionFormat format,
            @NotEmpty List<SplitFile> captions,
            @NotEmpty List<Path> photos,
            @DefaultValue List<SplitFile> splits,
            @DefaultValue("test") Split split) {
        DatasetFiles files() {
            return new DatasetFiles(format, captions, photos, splits, true);
        }
    }
}
