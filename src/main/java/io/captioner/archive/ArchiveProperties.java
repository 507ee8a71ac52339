package io.captioner.archive;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Whether and how answers are kept: {@code captioner.archive.*}. They are personal data: docs/security.md.
 *
 * @param enabled whether answers are kept, and {@code GET /captions} and the page {@code /archive/} exist
 * @param directory of the index and its log, made if it is absent; of one process only
 * @param required whether a request fails with 503 if its answer cannot be kept; by default it is answered all the
 *     same, without an {@code archiveId}
 * @param timeout longest wait of a request for its answer to be on the disk, or with the search engine
 * @param sync whether an answer is forced to the disk before it is acknowledged, many at once; without it that takes up
 *     to a second more: an acknowledged answer survives the end of the process, but may be lost with the machine
 * @param maxAge after which an entry is deleted, counted from its first answer; 0 for no limit
 * @param maxSize of the index on the disk, beyond which the oldest entries are deleted; 0 for no limit
 * @param thumbnailSide longest side of a thumbnail in pixels, 32 to 512; 0 keeps none
 * @param opensearch a search engine that keeps the answers instead
 */
@Validated
@ConfigurationProperties("captioner.archive")
record ArchiveProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("archive") Path directory,
        @DefaultValue("false") boolean required,
        @DefaultValue("1s") Duration timeout,
        @DefaultValue("false") boolean sync,
        @DefaultValue("90d") Duration maxAge,
        @DefaultValue("10GB") DataSize maxSize,
        @DefaultValue("192") @Min(0) @Max(512) int thumbnailSide,
        @DefaultValue OpenSearch opensearch) {
    private static final int LEAST_SIDE = 32;

    /** @throws IllegalArgumentException if a value is out of its range */
    ArchiveProperties {
        if (thumbnailSide > 0 && thumbnailSide < LEAST_SIDE) {
            throw new IllegalArgumentException(
                    "captioner.archive.thumbnail-side is %d: set it to 0 for none, or to 32 to 512"
                            .formatted(thumbnailSide));
        }
        if (timeout.isNegative() || timeout.isZero() || maxAge.isNegative() || maxSize.isNegative()) {
            throw new IllegalArgumentException(
                    "captioner.archive: timeout must be above 0, and max-age and max-size at least 0");
        }
    }

    /**
     * A search engine that keeps the answers, by the bulk API of OpenSearch and Elasticsearch:
     * {@code captioner.archive.opensearch.*}.
     *
     * @param url its base address, such as {@code https://search.example:9200}; unset: the answers are kept here
     * @param index that the answers are added to
     * @param authorization value of the header {@code Authorization}, such as {@code ApiKey …}; unset: none is sent
     */
    record OpenSearch(
            @Nullable URI url,
            @DefaultValue("captions") String index,
            @Nullable String authorization) {}
}
