package io.captioner.caption;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How sure a caption must be: {@code captioner.trust.*}.
 *
 * @param minConfidence confidence below which a request that names none is given no caption, 0 to 1; 0 gives all.
 *     Higher withholds more captions that are wrong, and more that are right: the bundle's risk-coverage table says how
 *     many
 */
@Validated
@ConfigurationProperties("captioner.trust")
record TrustProperties(
        @DefaultValue("0") @DecimalMin("0") @DecimalMax("1") float minConfidence) {}
