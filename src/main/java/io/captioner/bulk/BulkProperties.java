package io.captioner.bulk;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which photos the job captions, and where to: {@code captioner.bulk.*}.
 *
 * @param bundle {@code models/<name>/<version>}
 * @param photos a folder, with all folders in it; files and folders that begin with a dot or an underscore are left out
 * @param list a file with a path relative to {@code photos} a line; only these photos are captioned
 * @param glob pattern of file names, such as <code>*.{jpg,png}</code>
 * @param output the folder of the captions, a file for each shard
 * @param shard the part of the photos that this process captions, {@code INDEX/COUNT} with the index from 0
 * @param readers threads that read and decode photos; one for each processor if not given
 */
@Validated
@ConfigurationProperties("captioner.bulk")
record BulkProperties(
        @NotNull Path bundle,
        @NotNull Path photos,
        @Nullable Path list,
        @DefaultValue("*") String glob,
        @DefaultValue("runs/captions") Path output,
        @DefaultValue("0/1") Shard shard,
        @Nullable @Min(1) @Max(256) Integer readers) {}
