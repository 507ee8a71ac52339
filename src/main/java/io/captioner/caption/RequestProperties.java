package io.captioner.caption;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What one request may ask for: {@code captioner.request.*}.
 *
 * @param timeout time for a request that names none; shorter sheds load sooner, longer rides out a burst
 * @param maxTimeout most time a request may ask for; a permit is held so long at worst
 * @param uploadTimeout time for the body of a request to arrive, counted from the end of its headers; shorter frees the
 *     threads of clients that trickle, longer lets large photos come over slow lines
 * @param maxImages most images in one request; more lets one client fill the queue, and its upload the disk
 */
@Validated
@ConfigurationProperties("captioner.request")
public record RequestProperties(
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("60s") Duration maxTimeout,
        @DefaultValue("30s") Duration uploadTimeout,
        @DefaultValue("16") @Min(1) int maxImages) {

    /** @throws IllegalArgumentException if a time is not positive, or the default is longer than the maximum */
    public RequestProperties {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(maxTimeout) > 0) {
            throw new IllegalArgumentException(
                    "captioner.request.timeout (%s) must be positive and at most captioner.request.max-timeout (%s)"
                            .formatted(timeout, maxTimeout));
        }
        if (uploadTimeout.isNegative() || uploadTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "captioner.request.upload-timeout must be positive, not " + uploadTimeout);
        }
    }
}
