package io.captioner.security;

import io.captioner.security.Client.Limits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which clients may use the service: {@code captioner.security.*}.
 *
 * @param mode the credential that a request needs
 * @param keys file of the hashed keys, for the mode {@code api-key}
 * @param reload time between two scans of that file; shorter revokes a lost key sooner
 * @param limits limits of each client for which the file of the keys sets none
 * @param jwt the issuer of accepted tokens, for the mode {@code jwt}
 */
@ConfigurationProperties("captioner.security")
record SecurityProperties(
        @DefaultValue("none") Mode mode,
        @Nullable Path keys,
        @DefaultValue("10s") Duration reload,
        @NestedConfigurationProperty @DefaultValue Limits limits,
        @Nullable Jwt jwt) {

    /**
     * The issuer of accepted tokens. All three are required: without the audience, tokens for other services would be
     * accepted.
     *
     * @param issuer the claim {@code iss}
     * @param audience what must be among the claim {@code aud}
     * @param jwkSetUri where the issuer's public keys are, {@code https:}, {@code http:} or {@code file:}
     */
    record Jwt(String issuer, String audience, URI jwkSetUri) {
        /** @throws IllegalArgumentException if one of them is missing */
        @SuppressWarnings("NullAway") // a property that is not set is bound as null
        Jwt {
            if (issuer == null || issuer.isBlank() || audience == null || audience.isBlank() || jwkSetUri == null) {
                throw new IllegalArgumentException(
                        "captioner.security.jwt needs all of issuer, audience and jwk-set-uri");
            }
            if (!jwkSetUri.isAbsolute()) {
                throw new IllegalArgumentException(
                        "captioner.security.jwt.jwk-set-uri must begin with https:, not be " + jwkSetUri);
            }
        }
    }

    /** @throws IllegalArgumentException if what the mode needs is missing, or what is given has no effect */
    SecurityProperties {
        if (reload.isNegative() || reload.isZero()) {
            throw new IllegalArgumentException("captioner.security.reload must be positive, not " + reload);
        }
        require(mode == Mode.API_KEY, keys, "keys", "api-key");
        require(mode == Mode.JWT, jwt, "jwt", "jwt");
    }

    /** A setting that protects nothing is worse than a service that does not start. */
    private static void require(boolean needed, @Nullable Object value, String property, String mode) {
        if (needed && value == null) {
            throw new IllegalArgumentException(
                    "captioner.security.mode=%s needs captioner.security.%s".formatted(mode, property));
        }
        if (!needed && value != null) {
            throw new IllegalArgumentException(
                    "captioner.security.%s is set, but protects nothing without captioner.security.mode=%s"
                            .formatted(property, mode));
        }
    }

    /** The credential that a request needs. */
    enum Mode {
        /** None: for a network in which every client may use the service. */
        NONE,
        /** A key whose hash is in a file. */
        API_KEY,
        /** A token that an issuer has signed. */
        JWT
    }
}
