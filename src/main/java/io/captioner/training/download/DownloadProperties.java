package io.captioner.training.download;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.validation.annotation.Validated;

/**
 * The download of COCO.
 *
 * @param year 2014 or 2017: the same pictures, split otherwise
 * @param directory folder of the archives, made if absent; 2017 takes about 20 GB
 * @param baseUrl address of the server or of a mirror with the same paths, {@code http} or {@code https}
 * @param parts the archives to fetch
 * @param sha256 hash that a part must have, by part, 64 hexadecimal digits; COCO publishes none, so without it only the
 *     length is checked
 * @param attempts tries in a row without a new byte after which the job gives up, 1 to 1000
 * @param pause wait before the second try; doubled for each further one, up to two minutes
 * @param timeout longest wait for a connection and for the next bytes of the server
 */
@Validated
@ConfigurationProperties("captioner.download")
record DownloadProperties(
        @DefaultValue("2017") int year,
        @DefaultValue("data/coco") Path directory,
        @DefaultValue("http://images.cocodataset.org") URI baseUrl,

        @DefaultValue({"annotations", "val", "train"}) @NotEmpty List<CocoPart> parts,

        @DefaultValue Map<CocoPart, @Pattern(regexp = "[0-9a-fA-F]{64}") String> sha256,
        @DefaultValue("8") @Min(1) @Max(1000) int attempts,
        @DefaultValue("2s") Duration pause,
        @DefaultValue("60s") Duration timeout) {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    /** The archives of COCO that captioning needs. */
    enum CocoPart {
        /** Captions of training and validation, some 250 MB. */
        ANNOTATIONS("annotations/annotations_trainval%d.zip"),
        /** Validation pictures, 1 GB of 2017 and 6 GB of 2014. */
        VAL("zips/val%d.zip"),
        /** Training pictures, 18 GB of 2017 and 13 GB of 2014. */
        TRAIN("zips/train%d.zip");

        private final String path;

        CocoPart(String path) {
            this.path = path;
        }

        /** Returns its path below the server's root. */
        String path(int year) {
            return path.formatted(year);
        }

        /** Returns its file name. */
        String fileName(int year) {
            return path(year).substring(path.indexOf('/') + 1);
        }
    }

    /** @throws IllegalArgumentException for another year, an address that is none, or a negative time */
    DownloadProperties {
        if (year != 2014 && year != 2017) {
            throw new IllegalArgumentException("captioner.download.year is 2014 or 2017, not " + year);
        }
        if (!List.of("http", "https").contains(String.valueOf(baseUrl.getScheme())) || baseUrl.getHost() == null) {
            throw new IllegalArgumentException(
                    "captioner.download.base-url is %s: set it to an address such as http://images.cocodataset.org"
                            .formatted(baseUrl));
        }
        if (pause.isNegative() || timeout.isNegative() || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "captioner.download.pause is %s and timeout %s: set both to 0s or more, and timeout to 24 days at most"
                            .formatted(pause, timeout));
        }
    }

    /** Returns the pauses between tries without a new byte, one fewer than there are tries. */
    BackOff pausesInARow() {
        ExponentialBackOff pauses = new ExponentialBackOff(pause.toMillis(), 2);
        pauses.setMaxInterval(LONGEST_PAUSE.toMillis());
        pauses.setMaxAttempts(attempts - 1);
        return pauses;
    }
}
