package io.captioner.security;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.captioner.security.Client.Limits;
import io.captioner.security.CredentialAuthorizer.Authenticator;
import io.captioner.web.AccessRefusedException.Reason;
import io.captioner.web.AccessRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * JSON Web Tokens of one issuer, checked by Spring Security: signature (asymmetric ones only, so that a public key
 * never serves as a secret), issuer, audience, times and type. The issuer's keys are fetched when first needed and
 * kept; a flood of tokens with invented key ids does not become a flood of fetches, and while the issuer does not
 * answer its last keys stay valid.
 */
final class Tokens implements Authenticator {
    private static final Logger log = LoggerFactory.getLogger(Tokens.class);
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Duration OUTAGE = Duration.ofHours(4);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int FETCH_MILLIS = 3000;
    private static final int LONGEST_SUBJECT = 255; // OpenID Connect Core 1.0, section 2

    private final JWKSource<SecurityContext> source;
    private final JwtDecoder decoder;
    private final Limits limits;

    /**
     * The tokens of an issuer.
     *
     * @param limits of every subject
     * @param clock what times in tokens are compared with
     */
    Tokens(SecurityProperties.Jwt issuer, Limits limits, Clock clock) {
        this.limits = limits;
        this.source = keysOf(issuer);
        NimbusJwtDecoder nimbus = NimbusJwtDecoder.withJwkSource(source)
                .jwsAlgorithms(algorithms -> algorithms.addAll(Arrays.asList(SignatureAlgorithm.values())))
                .build();
        JwtTimestampValidator times = new JwtTimestampValidator(SKEW);
        times.setAllowEmptyExpiryClaim(false);
        times.setClock(clock);
        JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        type.setAllowEmpty(true);
        nimbus.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                type, times, new JwtIssuerValidator(issuer.issuer()), new JwtAudienceValidator(issuer.audience())));
        this.decoder = nimbus;
    }

    @Override
    public Client authenticate(String credential) throws AccessRefusedException {
        Jwt token;
        try {
            token = decoder.decode(credential);
        } catch (BadJwtException e) {
            log.debug("A token is refused", e);
            throw Credentials.invalid();
        } catch (JwtException e) {
            throw unavailable(e);
        }
        String subject = token.getSubject();
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT) {
            throw Credentials.invalid();
        }
        return new Client(subject, null, limits);
    }

    /** A token whose key was requested in vain a moment ago is invalid; else the issuer's keys could not be fetched. */
    private static AccessRefusedException unavailable(JwtException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RateLimitReachedException) {
                return Credentials.invalid();
            }
        }
        log.warn("The keys of the issuer cannot be fetched: {}", failure.getMessage());
        return AccessRefusedException.later(
                Reason.UNAVAILABLE, "The keys of the issuer of tokens cannot be fetched: try again later.", SOON);
    }

    @Override
    public void close() {
        if (source instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static JWKSource<SecurityContext> keysOf(SecurityProperties.Jwt issuer) {
        try {
            return JWKSourceBuilder.<SecurityContext>create(
                            issuer.jwkSetUri().toURL(),
                            new DefaultResourceRetriever(
                                    FETCH_MILLIS, FETCH_MILLIS, JWKSourceBuilder.DEFAULT_HTTP_SIZE_LIMIT))
                    .outageTolerant(OUTAGE.toMillis())
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(
                    "captioner.security.jwt.jwk-set-uri is no address: " + issuer.jwkSetUri(), e);
        }
    }
}
