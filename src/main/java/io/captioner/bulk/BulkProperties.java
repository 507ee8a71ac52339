package io.captioner.bulk;

import io.captioner.jobs.UnusableJobException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
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
        @DefaultValue("0/1") Shard shard,
        @Nullable @Min(1) @Max(256) Integer readers) {
    /**
     * One of {@code count} equal parts of all photos. The part of a photo follows from its name alone, so it does not
     * change when photos are added or removed.
     *
     * @param index from 0, as Kubernetes counts the completions of an indexed Job
     * @param count of parts
     */
    record Shard(int index, int count) {
        /** @throws UnusableJobException if there is no such part */
        Shard {
            if (count < 1 || index < 0 || index >= count) {
                throw new UnusableJobException(
                        "captioner.bulk.shard is %d/%d: set it to INDEX/COUNT with INDEX from 0 to COUNT - 1"
                                .formatted(index, count));
            }
        }

        /** Reads {@code INDEX/COUNT}. */
        public static Shard valueOf(String text) {
            String[] parts = text.strip().split("/", -1);
            if (parts.length == 2 && parts[0].matches("\\d{1,9}") && parts[1].matches("\\d{1,9}")) {
                return new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            }
            throw new UnusableJobException(
                    "captioner.bulk.shard is '%s': set it to INDEX/COUNT, such as 3/10".formatted(text));
        }

        boolean holds(String name) {
            CRC32 hash = new CRC32();
            hash.update(name.getBytes(StandardCharsets.UTF_8));
            return hash.getValue() % count == index;
        }

        /** Returns the name of this part's file. */
        String fileName() {
            return "part-%05d-of-%05d.jsonl".formatted(index, count);
        }
    }
}
