package io.captioner.bulk;

import io.captioner.bulk.PhotoFiles.Shard;
import io.captioner.bulk.Sidecars.Naming;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which photos the job captions, and where to: {@code captioner.bulk.*}.
 *
 * @param bundle {@code models/<name>/<version>} that captions; needed
 * @param photos folder of the photos, with all folders in it; needed. Links are followed, each folder once. Passed
 *     over, with one line in the log: names that begin with a dot or an underscore, what NAS systems and desktops leave
 *     ({@code @eaDir}, {@code Thumbs.db}, {@code lost+found} and the like), broken links, and what cannot be read
 * @param list UTF-8 file with a path relative to {@code photos} a line; only these photos are captioned. Unset: all
 *     photos
 * @param glob pattern of file names, such as <code>*.{jpg,png}</code>; files of other names are left out
 * @param output folder of the captions, a file of JSON lines for each shard; a file that is there is continued
 * @param format what is written besides the JSON lines: {@code json-lines} nothing, {@code csv} a table of the same
 *     name, {@code xmp} an XMP sidecar beside each photo that has no description
 * @param sidecarName how new sidecars are named: {@code full-name} as {@code photo.jpg.xmp}, {@code stem} as
 *     {@code photo.xmp}; one of either name that is there is used
 * @param skipDescribed whether photos with a description, in a sidecar or in their own XMP, IPTC or EXIF, are left out;
 *     unset: with {@code format=xmp} only. If not, the description in a sidecar is replaced
 * @param dryRun whether nothing is written, and the log shows what would be
 * @param shard the part of the photos that this process captions, {@code INDEX/COUNT} with the index from 0
 * @param readers threads that read and decode photos, 1 to 256; unset: one for each processor. Each holds one decoded
 *     photo
 */
@Validated
@ConfigurationProperties("captioner.bulk")
record BulkProperties(
        @NotNull Path bundle,
        @NotNull Path photos,
        @Nullable Path list,
        @DefaultValue("*") String glob,
        @DefaultValue("runs/captions") Path output,
        @DefaultValue("json-lines") Format format,
        @DefaultValue("full-name") Naming sidecarName,
        @Nullable Boolean skipDescribed,
        @DefaultValue("false") boolean dryRun,
        @DefaultValue("0/1") Shard shard,
        @Nullable @Min(1) @Max(256) Integer readers) {
    /** What is written besides the JSON lines. */
    enum Format {
        JSON_LINES,
        CSV,
        XMP
    }

    boolean skipsDescribed() {
        return Objects.requireNonNullElse(skipDescribed, format == Format.XMP);
    }

    /** Returns the file of this shard's captions. */
    Path lines() {
        return output.resolve(shard.fileName());
    }

    /** Returns the table of this shard's captions. */
    Path table() {
        return output.resolve(shard.fileName().replace(".jsonl", ".csv"));
    }
}
